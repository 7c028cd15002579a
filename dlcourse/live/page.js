// What every view of the course is made with: elements, the page's theme, and how a notebook is saved. It stands before
// canvas.js and questions.js, which are not loaded without it.

const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  // Jupyter would take arrow keys and letters for its own commands. Notebook 7 does so before the element hears of the key,
  // and looks for this mark on its way up from there: so each has it.
  element.setAttribute("data-lm-suppress-shortcuts", "true");
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
};

const isDark = () => {
  const body = document.body;
  if (body.dataset.jpThemeLight) return body.dataset.jpThemeLight === "false";
  if (body.classList.contains("vscode-dark") || body.classList.contains("vscode-high-contrast")) return true;
  if (document.documentElement.getAttribute("theme") === "dark") return true; // Colab
  return false;
};

// Opened again without its kernel, a notebook has a view of nothing: "model not found", though a picture lies beside it.
// So what is saved has no view where a picture can stand alone. JupyterLab and Notebook have this model, others have not.
const saveWithoutViews = (notebook) => {
  if (!notebook?.toJSON || notebook.savesWithoutViews) return;
  notebook.savesWithoutViews = true;
  const withViews = notebook.toJSON.bind(notebook);
  const withoutView = (output) => {
    if (!output.metadata?.dlcourse?.stands_alone) return output;
    const { "application/vnd.jupyter.widget-view+json": view, ...data } = output.data;
    return { ...output, data };
  };
  notebook.toJSON = () => {
    const book = withViews();
    return { ...book, cells: book.cells.map((c) => (c.outputs ? { ...c, outputs: c.outputs.map(withoutView) } : c)) };
  };
};
