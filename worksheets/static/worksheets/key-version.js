// Whether a text is still the one that a page shows: asked every few seconds while somebody looks.

const PAUSE = 4000; // milliseconds between two questions

/**
 * Call this once another text stands there than the page shows.
 *
 * @param {string} url answers with what stands for the text
 * @param {() => string} known what the page shows; "" while it is changing that itself
 * @param {() => void} changed
 */
export function watchVersion(url, known, changed) {
  let told = "";

  async function ask() {
    const before = known();
    if (!before || document.hidden) return;
    try {
      const response = await fetch(url, { headers: { Accept: "application/json" } });
      if (!response.ok) return;
      const { seen } = await response.json();
      // What was saved from here meanwhile is no news.
      if (typeof seen !== "string" || known() !== before || seen === before || seen === told)
        return;
      told = seen;
      changed();
    } catch {
      // The next question is asked all the same; what is given says itself that it is offline.
    }
  }

  setInterval(ask, PAUSE);
  document.addEventListener("visibilitychange", ask);
}
