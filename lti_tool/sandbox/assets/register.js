"use strict";
// LTI Dynamic Registration 1.0, 3.8: the tool's page says when it is done, and ours goes on.
const frame = document.querySelector("iframe");
const next = /** @type {HTMLAnchorElement} */ (document.querySelector("a[data-next]"));

addEventListener("message", ({ data, source }) => {
  if (source !== frame?.contentWindow || data?.subject !== "org.imsglobal.lti.close") return;
  location.assign(next.href);
});
