// How many words are written, where the question asks for a number of them.
/** @type {NodeListOf<HTMLTextAreaElement & { form: HTMLFormElement }>} */
const areas = document.querySelectorAll("textarea[data-words-min], textarea[data-words-max]");
for (const area of areas) {
  const count = document.createElement("div");
  count.className = "word-count";
  area.after(count);
  const text = area.form.dataset.saysWords ?? "";
  const show = () => {
    const n = (area.value.trim().match(/\S+/g) ?? []).length;
    count.textContent = text.replace("{n}", String(n));
  };
  area.addEventListener("input", show);
  area.form.addEventListener("worksheet:restored", show);
  show();
}
