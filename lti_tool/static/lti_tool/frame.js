// In an LMS's frame: tell the page around us how tall we are (lti.frameResize), so that there is
// one scroll bar, not two. An LMS that does not know the message ignores it.
const root = document.documentElement;
let told = 0;

function tell() {
  // Not scrollHeight, which is never less than the frame's own height.
  const height = Math.ceil(root.getBoundingClientRect().height);
  if (!height || height === told) return;
  told = height;
  // A page that is being left has no parent any more.
  parent?.postMessage({ subject: "lti.frameResize", height }, "*");
}

if (parent !== window) {
  // What fills a window would make the frame grow, and grow with it.
  root.classList.add("in-frame");
  new ResizeObserver(tell).observe(root);
}
