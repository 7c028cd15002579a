"""A fresh kernel of this very Python, in which the cells of a lesson run."""

from __future__ import annotations

from typing import Any

from ipykernel.kernelspec import RESOURCES, get_kernel_dict
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from traitlets import default

__all__ = ["Client"]


class _ThisPython(KernelSpecManager):
    """Every kernel is of the Python that runs this, whatever kernels the user has registered under its name."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """How to start it."""
        return KernelSpec(resource_dir=RESOURCES, **get_kernel_dict())


class _Manager(AsyncKernelManager):
    @default("kernel_spec_manager")
    def _this_python(self) -> KernelSpecManager:
        return _ThisPython()


class Client(NotebookClient):
    """Runs a notebook; `running` is the cell that is being run.

    Parameters
    ----------
    as_sent : bool
        Whether outputs are kept as the kernel sent them, even if the cell cleared or changed them later, and whether the
        next cells run after an error: what one needs to compare. Otherwise they are what a reader would see in the end.
    """

    def __init__(self, notebook: Any, *, as_sent: bool, **settings: Any) -> None:
        super().__init__(notebook, kernel_manager_class=_Manager, allow_errors=as_sent, **settings)
        self.as_sent = as_sent
        self.running = 0
        self.on_cell_start = self._note

    def _note(self, cell: Any, cell_index: int) -> None:
        self.running = cell_index

    def process_message(self, msg: dict[str, Any], cell: Any, cell_index: int) -> Any:
        """Take in one message of the kernel."""
        if self.as_sent:
            kind = msg["msg_type"]
            if kind in ("clear_output", "update_display_data") or kind.startswith("comm"):
                return None
            msg["content"].pop("transient", None)
        return super().process_message(msg, cell, cell_index)
