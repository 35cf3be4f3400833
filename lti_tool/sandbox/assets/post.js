"use strict";
// The page is nothing but this form; its button stays for browsers without scripts.
document.querySelector("form")?.submit();
