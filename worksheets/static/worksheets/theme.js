// Bootstrap's dark mode is an attribute; ours follows the system.
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () =>
  document.documentElement.setAttribute("data-bs-theme", dark.matches ? "dark" : "light");
follow();
dark.addEventListener("change", follow);
