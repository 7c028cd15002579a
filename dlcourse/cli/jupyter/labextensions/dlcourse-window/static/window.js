// A narrow window begins with the lesson alone.
//
// The first window has the lesson's table of contents at the left, 290 pixels wide or so. On a phone, or beside another
// program, that would leave the lesson a strip which nobody can read. One click brings the contents back.

const NARROW = 760

window._JUPYTERLAB = window._JUPYTERLAB || {}
window._JUPYTERLAB["dlcourse-window"] = {
    init: () => {},
    get: async () => () => ({
        __esModule: true,
        default: {
            id: "dlcourse-window:narrow",
            autoStart: true,
            activate: (app) => {
                // not to be waited for: the page is restored when all extensions have begun
                app.restored.then(() => window.innerWidth < NARROW && app.shell.collapseLeft?.())
            },
        },
    }),
}
