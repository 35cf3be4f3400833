// The end of a registration: tells the LMS's window that it may close this one
// (LTI Dynamic Registration 1.0, section 3.7). The message holds nothing that is secret, and
// the LMS's page may be at a host that its configuration does not name, so any may read it.
/** @type {HTMLElement | null} */
const button = document.querySelector("[data-close-subject]");
/** @type {Window | null} */
const lms = window.opener ?? (window.parent === window ? null : window.parent);
if (button && lms) {
  const subject = button.dataset.closeSubject;
  button.hidden = false;
  button.addEventListener("click", () => lms.postMessage({ subject }, "*"));
}
