"""One setting of Jupyter's server that it offers only to code: kernel messages go out at once.

A kernel answers a moved slider with two short messages (“busy”, “idle”) and a picture. Jupyter's server leaves the
operating system to collect short messages until the browser has confirmed those before (Nagle's algorithm), and the
browser's system waits up to 40 ms with that. So each frame would come some 30 ms late. `dlcourse lab` and Binder start
the server with `PromptConnection`; in another JupyterLab the widgets work the same, a little later.
"""

from __future__ import annotations

from typing import Any

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

__all__ = ["PromptConnection"]


class PromptConnection(ZMQChannelsWebsocketConnection):
    """The usual connection between browser and kernel, without collecting."""

    def connect(self) -> Any:
        """Connect as usual, after telling the operating system not to wait."""
        self.websocket_handler.set_nodelay(True)
        return super().connect()
