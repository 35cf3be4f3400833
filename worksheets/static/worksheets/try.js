// The page on which a teacher tries a worksheet: connects its form with the gaps (panel.js).
import { connectGaps } from "./panel.js";

connectGaps(/** @type {HTMLFormElement} */ (document.getElementById("worksheet")));
