// Widgets stay alive in the slides of jupyterlab-rise.
//
// Jupyter's widget manager asks the page that it is loaded into for the module @jupyterlab/console, if only for the name of a
// service that it can do without. JupyterLab has that module. The page of jupyterlab-rise 0.43 has none: there the manager is
// not loaded, and the output of a cell with a widget is its still picture. This stands in where nothing else does: a page
// takes the highest version of a module, so JupyterLab keeps its own.

window._JUPYTERLAB = window._JUPYTERLAB || {}
window._JUPYTERLAB["dlcourse-slides"] = {
    init: (shared) => {
        const versions = (shared["@jupyterlab/console"] ??= {})
        const module = { IConsoleTracker: { name: "a service that nobody offers" } }
        versions["0.0.0"] ??= { get: async () => () => module, from: "dlcourse-slides", eager: false }
    },
    get: async () => () => ({ default: [] }),
}
