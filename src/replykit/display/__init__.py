"""How replykit shows its nouns to people."""
