// Pictures that are dropped on the text, pasted into it or chosen in the bar: they are uploaded, and
// their line is written where they belong.
import { announce } from "./live.js";
import { changeBetween, shifted } from "./text-change.js";
import { onLinesOfItsOwn, write } from "./text-edit.js";

/**
 * Return the pictures among what is dropped or pasted.
 *
 * @param {DataTransfer | null} data
 */
function picturesOf(data) {
  return [...(data?.files ?? [])].filter(({ type }) => type.startsWith("image/"));
}

/**
 * Return the place in a text area that a pointer is at; where the caret is, if browsers do not tell.
 *
 * @param {HTMLTextAreaElement} area
 * @param {MouseEvent} event
 */
function placeAt(area, { clientX, clientY }) {
  const at = document.caretPositionFromPoint?.(clientX, clientY);
  return at?.offsetNode === area ? at.offset : area.selectionEnd;
}

/** The pictures of a text area. */
export class Pictures {
  #area;
  #form;
  #say;
  #isSending = false;

  /**
   * @param {HTMLTextAreaElement} area
   * @param {HTMLFormElement} form has the address (data-pictures-url) and the words
   * @param {(text: string) => void} say shows a sentence about the text
   */
  constructor(area, form, say) {
    this.#area = area;
    this.#form = form;
    this.#say = say;
  }

  /** Take what comes from now on. */
  connect() {
    const [area, form] = [this.#area, this.#form];
    area.addEventListener("dragover", (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
      area.classList.add("is-over");
    });
    area.addEventListener("dragleave", () => area.classList.remove("is-over"));
    area.addEventListener("drop", (event) => {
      area.classList.remove("is-over");
      if (!event.dataTransfer?.files.length) return;
      event.preventDefault(); // or the browser would open the file in place of the page
      this.#take(picturesOf(event.dataTransfer), placeAt(area, event));
    });
    area.addEventListener("paste", (event) => {
      const files = picturesOf(event.clipboardData);
      // What has words too, such as cells of a table, is pasted as words.
      if (!files.length || event.clipboardData?.types.includes("text/plain")) return;
      event.preventDefault();
      this.#take(files, area.selectionEnd);
    });
    const chooser = /** @type {HTMLInputElement | null} */ (
      form.querySelector("[data-picture-file]")
    );
    form.querySelector("[data-picture]")?.addEventListener("click", () => chooser?.click());
    chooser?.addEventListener("change", () => {
      this.#take([...(chooser.files ?? [])], area.selectionEnd);
      chooser.value = "";
    });
  }

  /**
   * Upload pictures, one after the other, and write their lines at a place of the text.
   *
   * @param {File[]} files
   * @param {number} offset
   */
  async #take(files, offset) {
    const { saysNoPicture = "", saysUploading = "" } = this.#form.dataset;
    if (!files.length) this.#tell(saysNoPicture);
    if (!files.length || this.#isSending) return;
    this.#isSending = true;
    this.#tell(saysUploading);
    await this.#takeEach(files, offset);
    this.#isSending = false;
    this.#area.dispatchEvent(new Event("stale"));
  }

  /**
   * @param {File[]} files
   * @param {number} at where the first one belongs
   */
  async #takeEach([file, ...others], at) {
    const before = this.#area.value;
    const { name, row, said } = await this.#send(file);
    if (!name) {
      this.#tell(said);
      return;
    }
    // Somebody may have gone on writing.
    const [, place] = shifted([at, at], changeBetween(before, this.#area.value));
    const next = this.#write(name, place);
    document.querySelector("[data-pictures]")?.insertAdjacentHTML("beforeend", row);
    this.#tell(this.#form.dataset.saysUploaded ?? "");
    if (others.length) await this.#takeEach(others, next);
  }

  /**
   * @param {File} file
   * @returns {Promise<{ name: string, row: string, said: string }>}
   */
  async #send(file) {
    const body = new FormData();
    body.append("picture", file);
    try {
      const reply = await fetch(this.#form.dataset.picturesUrl ?? "", {
        method: "POST",
        headers: { Accept: "application/json" },
        body,
      });
      if (reply.status !== 200 && reply.status !== 422) throw new Error(String(reply.status));
      return await reply.json();
    } catch {
      return { name: "", row: "", said: this.#form.dataset.saysNotUploaded ?? "" };
    }
  }

  /**
   * Write the line of a picture, ready for what it shows; return where its line ends.
   *
   * @param {string} name
   * @param {number} offset
   */
  #write(name, offset) {
    const { value } = this.#area;
    const place = onLinesOfItsOwn(value, [offset, offset], false);
    const line = `![](${name})`;
    const inside = place.before.length + "![".length;
    write(this.#area, place.extent, place.before + line + place.after, [inside, inside]);
    this.#area.focus();
    return place.extent[0] + place.before.length + line.length;
  }

  /** @param {string} text */
  #tell(text) {
    this.#say(text);
    announce(text);
  }
}
