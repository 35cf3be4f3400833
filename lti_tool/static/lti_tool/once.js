// A form that may be sent once: what an LMS gave for a registration works once, so a double
// click would end in its refusal although the first press has registered.
/** @type {NodeListOf<HTMLFormElement>} */
const forms = document.querySelectorAll("form[data-once]");
for (const form of forms) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.once) event.preventDefault();
    form.dataset.once = "sent";
  });
  // Whoever comes back to the page may press again.
  addEventListener("pageshow", () => {
    form.dataset.once = "";
  });
}
