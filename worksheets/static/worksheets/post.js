// The page is a step on the way: its form goes on by itself.
document.querySelector("form[data-post]").submit();
