"""The second door: OpenAI's `/v1/videos`, as vLLM-Omni and SGLang speak it. The same orders, other words."""

from soundstage.api.videos.door import VIDEO_ROUTES

__all__ = ["VIDEO_ROUTES"]
