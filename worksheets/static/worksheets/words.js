// How many words are written, where the question asks for a number of them.
for (const area of document.querySelectorAll("textarea[data-words-min], textarea[data-words-max]")) {
  const count = document.createElement("div");
  count.className = "word-count";
  area.after(count);
  const says = area.form.dataset.saysWords;
  const show = () => {
    const n = (area.value.trim().match(/\S+/g) ?? []).length;
    count.textContent = says.replace("{n}", n);
  };
  area.addEventListener("input", show);
  area.form.addEventListener("worksheet:restored", show);
  show();
}
