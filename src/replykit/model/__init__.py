"""The models that replykit can ask, and the clock that every question runs against."""

from replykit.model.endpoint import OpenAIModel
from replykit.model.protocol import Deadline, Model, PricedModel, StreamingModel

__all__ = ["Deadline", "Model", "OpenAIModel", "PricedModel", "StreamingModel"]
