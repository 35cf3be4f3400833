// What each page tells: the tool the browser's time zone, once, so that the times on the next pages
// are in it; and the page around us, in an LMS's frame, how tall we are (lti.frameResize), so that
// there is one scroll bar, not two. An LMS that does not know the message ignores it.
const { zone, zoneUrl } = document.body.dataset;
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zoneUrl && here && here !== zone) {
  fetch(zoneUrl, { method: "POST", body: new URLSearchParams({ zone: here }) }).catch(() => {});
}

const LEAST = 400; // pixels of a frame with a strip
const AROUND = 160; // pixels of a window that no page has: the browser's own bars

const root = document.documentElement;
const strip = document.querySelector("#worksheet .strip, [data-in-window] .strip"); // to fill in, to mark
let told = 0;

function tell() {
  // Not scrollHeight, which is never less than the frame's own height.
  let height = Math.ceil(root.getBoundingClientRect().height);
  if (strip) {
    // A strip is in sight as long as the frame is not taller than the window: the frame stays as
    // the LMS made it, unless a page before this one has let it grow, or shrink.
    const most = (outerHeight || screen.height) - AROUND;
    height = Math.min(height, Math.max(LEAST, Math.min(innerHeight, most)));
    if (height === innerHeight) return;
  }
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
