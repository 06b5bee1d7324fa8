"""The room that knows the forms of a verb, so that a rule says `send+` once."""

from __future__ import annotations

from functools import lru_cache

IRREGULAR = {
    forms.split()[0]: tuple(forms.split())
    for forms in (
        "be is are was were been being am", "have has had having", "do does did done doing", "go goes went gone going",
        "say says said saying", "tell tells told telling", "get gets got gotten getting", "make makes made making",
        "give gives gave given giving", "take takes took taken taking", "send sends sent sending", "lose loses lost losing",
        "pay pays paid paying", "put puts putting", "keep keeps kept keeping", "leave leaves left leaving",
        "read reads reading", "write writes wrote written writing", "bring brings brought bringing", "buy buys bought buying",
        "choose chooses chose chosen choosing", "forget forgets forgot forgotten forgetting", "know knows knew known knowing",
        "see sees saw seen seeing", "feel feels felt feeling", "find finds found finding", "think thinks thought thinking",
        "break breaks broke broken breaking", "throw throws threw thrown throwing", "come comes came coming",
        "let lets letting", "hear hears heard hearing", "hold holds held holding", "sell sells sold selling",
        "speak speaks spoke spoken speaking", "ring rings rang rung ringing", "cut cuts cutting", "set sets setting",
        "shut shuts shutting", "mean means meant meaning", "misread misreads misreading", "blow blows blew blown blowing",
        "run runs ran running", "sue sues sued suing", "fall falls fell fallen falling", "swear swears swore sworn swearing",
        "catch catches caught catching", "understand understands understood understanding", "drive drives drove driven driving",
        "mislay mislays mislaid mislaying", "fly flies flew flown flying", "stick sticks stuck sticking", "burn burns burnt burned burning",
        "misunderstand misunderstands misunderstood misunderstanding", "withdraw withdraws withdrew withdrawn withdrawing",
        "cost costs costing", "quit quits quitting", "hurt hurts hurting", "hit hits hitting", "spend spends spent spending",
        "refer refers referred referring", "cancel cancels cancelled canceled cancelling canceling", "wear wears wore worn wearing",
        "mishear mishears misheard mishearing", "overreact overreacts overreacted overreacting", "mix mixes mixed mixing",
        "deal deals dealt dealing", "drink drinks drank drunk drinking", "stand stands stood standing", "win wins won winning",
        "travel travels travelled traveled travelling traveling", "teach teaches taught teaching", "begin begins began begun beginning",
        "bear bears bore borne bearing", "label labels labelled labeled labelling", "arise arises arose arisen arising",
    )
}  # fmt: skip
DOUBLING = frozenset(
    "stop drop ship slip ban bar chat swap fit grab plan jam trip flag whip pop tag chop nod commit "
    "admit omit permit submit skip scan".split()
)


@lru_cache(maxsize=2048)
def forms(verb: str) -> tuple[str, ...]:
    """The base, third person, past and -ing form of an English verb, whether regular or not."""
    if verb in IRREGULAR:
        return IRREGULAR[verb]
    if verb in DOUBLING:
        return verb, verb + "s", verb + verb[-1] + "ed", verb + verb[-1] + "ing"
    if verb.endswith("e"):
        return verb, verb + "s", verb + "d", verb[:-1] + "ing"
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return verb, verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"
    return verb, verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z", "o")) else "s"), verb + "ed", verb + "ing"
