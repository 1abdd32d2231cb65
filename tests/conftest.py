"""What every test needs: a screen that is not there, unless the caller brings one."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
