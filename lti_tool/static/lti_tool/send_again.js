// A launch that had to wait is sent again by itself; the button does the same without this.
/** @type {HTMLFormElement | null} */
const form = document.querySelector("form[data-seconds]");
if (form) setTimeout(() => form.requestSubmit(), Number(form.dataset.seconds) * 1000);
