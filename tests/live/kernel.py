"""A real kernel without a browser: cells are run, and widgets hear what JupyterLab would tell them."""

import os
import sys

from jupyter_client.manager import start_new_kernel


class Notebook:
    """A kernel, and what JupyterLab would say to it."""

    def __init__(self):
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "OPENBLAS_NUM_THREADS": "1"}
        self.manager, self.client = start_new_kernel(env=environment)
        self.names = 0

    def ask(self, kind, content, metadata=None, subshell=None):
        message = self.client.session.msg(kind, content, metadata=metadata or {})
        if subshell is not None:
            message["header"]["subshell_id"] = subshell
        self.client.shell_channel.send(message)
        return message["header"]["msg_id"]

    def start(self, code, cell=None):
        """Begin a cell; its number, for `end`."""
        content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False, "stop_on_error": True}
        return self.ask("execute_request", content, {"cellId": cell} if cell else {})

    def run(self, code, cell=None):
        """Run a cell; all messages that it sends."""
        return self.end(self.start(code, cell))

    def printed(self, code):
        """What a cell prints."""
        return "".join(one["content"]["text"] for one in self.run(code) if one["msg_type"] == "stream")

    def end(self, run):
        """Wait until a cell is done; all messages that it has sent."""
        messages = []
        while True:
            message = self.client.get_iopub_msg(timeout=30)
            if message["parent_header"].get("msg_id") != run:
                continue
            messages.append(message)
            assert message["msg_type"] != "error", "\n".join(message["content"]["traceback"])
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return messages

    def show(self, code, cell, views=1, subshell=None):
        """Run a cell that shows a widget, look at it in this many places, and then on a dark page."""
        shown = [
            message for message in self.run(code, cell) if message["msg_type"] in ("execute_result", "display_data")
        ]
        model = shown[-1]["content"]["data"]["application/vnd.jupyter.widget-view+json"]["model_id"]
        names = []
        for _ in range(views):
            self.names += 1
            names.append(f"view {self.names}")
            self.say(model, names[-1], 1, subshell, do="hello", ratio=2, width=720, dark=False)
            self.frame(model)
        self.say(model, names[0], 2, subshell, do="look", n=1, ratio=1, width=720, dark=True)
        self.frame(model)
        return model, names

    def say(self, model, view, number, subshell=None, **content):
        data = {"method": "custom", "content": content | {"view": view, "number": number}}
        self.ask("comm_msg", {"comm_id": model, "data": data}, subshell=subshell)

    def features(self):
        """What this kernel can do, by its own words."""
        reply = self.client.kernel_info(reply=True, timeout=30)
        return reply["content"].get("supported_features", [])

    def subshell(self):
        """A further thread on which the kernel takes messages, also while a cell runs."""
        message = self.client.session.msg("create_subshell_request", {})
        self.client.control_channel.send(message)
        return self.client.get_control_msg(timeout=30)["content"]["subshell_id"]

    def frame(self, model):
        while True:
            message = self.client.get_iopub_msg(timeout=30)
            content = message["content"]
            if message["msg_type"] == "comm_msg" and content["comm_id"] == model:
                content = content["data"].get("content", {})
                if "frame" in content:
                    assert not content["error"], content["error"]
                    return

    def is_closed(self, model):
        """Whether the connection is closed, and with it the picture gone from the page."""
        code = f"print({model!r} in get_ipython().kernel.comm_manager.comms)"
        return "False" in str([one["content"] for one in self.run(code) if one["msg_type"] == "stream"])

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
