// Filling gaps from the word bank: press a word, press a gap; or drag; or use the lists.
// The lists (select elements) are the gaps themselves, so everything works without this.
const form = document.getElementById("worksheet");
const selects = form ? [...form.querySelectorAll("select[data-bank]")] : [];
const live = form?.querySelector("[data-live]");
let picked = null; // the pressed button of a word

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
const say = (text) => { if (live) live.textContent = text; };
const words = () => [...form.querySelectorAll(".bank button")];
const number = (select) => selects.indexOf(select) + 1;

for (const item of form ? form.querySelectorAll(".bank li[data-word]") : []) {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.word = item.dataset.word;
  button.textContent = item.dataset.word;
  button.setAttribute("aria-pressed", "false");
  button.draggable = true;
  item.replaceChildren(button);
}

function showUsed() {
  for (const bank of form.querySelectorAll(".bank")) {
    const counts = new Map();
    for (const select of selects) {
      if (select.dataset.bank === bank.dataset.bank && select.value) {
        counts.set(select.value, (counts.get(select.value) ?? 0) + 1);
      }
    }
    for (const button of bank.querySelectorAll("button")) {
      // A word that stands twice in the bank is used up one button at a time.
      const left = counts.get(button.dataset.word) ?? 0;
      counts.set(button.dataset.word, left - 1);
      button.classList.toggle("used", left > 0);
      const note = left > 0 ? ` (${form.dataset.saysUsed})` : "";
      button.setAttribute("aria-label", button.dataset.word + note);
    }
  }
  for (const select of selects) select.classList.toggle("filled", Boolean(select.value));
}

function pick(button) {
  picked = picked === button ? null : button;
  for (const other of words()) other.setAttribute("aria-pressed", String(other === picked));
  form.classList.toggle("picking", Boolean(picked));
  if (picked) say(fill(form.dataset.saysPicked, { word: picked.dataset.word }));
}

function put(select, word) {
  if (![...select.options].some((option) => option.value === word)) return;
  select.value = word;
  select.dispatchEvent(new Event("input", { bubbles: true }));
  select.dispatchEvent(new Event("change", { bubbles: true }));
  if (picked) pick(picked);
}

function announce(select) {
  const left = selects.filter((other) => !other.value).length;
  say(select.value
    ? fill(form.dataset.saysFilled, { n: number(select), word: select.value, left })
    : fill(form.dataset.saysEmptied, { n: number(select) }));
}

if (form && selects.length) {
  showUsed();
  form.addEventListener("click", (event) => {
    const button = event.target.closest(".bank button");
    if (button) pick(button);
  });
  form.addEventListener("change", (event) => {
    if (!selects.includes(event.target)) return;
    showUsed();
    announce(event.target);
  });
  // Autosave may put other values in place (another device, work found on this one).
  form.addEventListener("worksheet:restored", showUsed);
  for (const select of selects) {
    // With a word in hand, a press fills the gap instead of opening the list.
    select.addEventListener("mousedown", (event) => {
      if (!picked) return;
      event.preventDefault();
      select.focus();
      put(select, picked.dataset.word);
    });
    select.addEventListener("touchend", (event) => {
      if (!picked) return;
      event.preventDefault();
      put(select, picked.dataset.word);
    });
    select.addEventListener("keydown", (event) => {
      if (picked && (event.key === "Enter" || event.key === " ")) {
        event.preventDefault();
        put(select, picked.dataset.word);
      } else if (event.key === "Delete" || event.key === "Backspace") {
        event.preventDefault();
        put(select, "");
      }
    });
    select.addEventListener("dragover", (event) => { event.preventDefault(); select.classList.add("over"); });
    select.addEventListener("dragleave", () => select.classList.remove("over"));
    select.addEventListener("drop", (event) => {
      event.preventDefault();
      select.classList.remove("over");
      put(select, event.dataTransfer.getData("text/plain"));
    });
  }
  form.addEventListener("dragstart", (event) => {
    const button = event.target.closest?.(".bank button");
    if (button) event.dataTransfer.setData("text/plain", button.dataset.word);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && picked) pick(picked);
  });
}
