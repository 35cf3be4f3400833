// The page is a step on the way: its form goes on by itself.
/** @type {HTMLFormElement | null} */
const form = document.querySelector("form[data-post]");
form?.submit();
