// A form whose page stays where it is without a network, and says so in the page's own words:
// else the browser's error page takes its place.
import { announce } from "./live.js";
import { holdWithoutNetwork } from "./network.js";

/** @type {NodeListOf<HTMLElement>} */
const texts = document.querySelectorAll("form [data-offline]");
for (const text of texts) {
  const form = /** @type {HTMLFormElement} */ (text.closest("form"));
  form.addEventListener("submit", (event) => {
    text.hidden = true;
    holdWithoutNetwork(event, () => {
      text.hidden = false;
      announce(text.textContent?.trim() ?? "");
    });
  });
  addEventListener("online", () => {
    text.hidden = true;
  });
}
