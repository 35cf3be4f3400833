// A form whose page stays where it is without a network, and says so in the page's own words:
// else the browser's error page takes its place.
/** @type {NodeListOf<HTMLElement>} */
const texts = document.querySelectorAll("form [data-offline]");
for (const text of texts) {
  text.closest("form")?.addEventListener("submit", (event) => {
    text.hidden = navigator.onLine;
    if (!navigator.onLine) event.preventDefault();
  });
  addEventListener("online", () => {
    text.hidden = true;
  });
}
