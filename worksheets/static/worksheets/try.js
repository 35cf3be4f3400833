// The page on which a teacher tries a worksheet: connects its form with the word banks (gaps.js).
import { connectWordBanks } from "./gaps.js";

connectWordBanks(/** @type {HTMLFormElement} */ (document.getElementById("worksheet")));
