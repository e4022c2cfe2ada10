"""Units that read as training does, for pictures and for whoever looks at the player: some words, one question."""

import json
from collections.abc import Sequence

_LOOK = """
:root { color-scheme: light dark }
body { margin: 0; font: 18px/1.5 system-ui, sans-serif; background: Canvas; color: CanvasText }
main { max-width: 40rem; margin: 0 auto; padding: 24px 16px }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 8px }
blockquote { margin: 24px 0; padding: 0 0 0 16px; border-left: 3px solid #0a665f }
fieldset { border: 0; padding: 0; margin: 0 }
legend { font-weight: bold; padding: 0 }
label { display: flex; gap: 12px; align-items: baseline; padding: 10px 0 }
button { min-height: 44px; padding: 8px 24px; border: 0; border-radius: 6px; background: #0a665f; color: #fff }
button { font: inherit; font-weight: bold }
"""

_PLAY = """
const api = window.API; api?.LMSInitialize("");
const form = document.querySelector("form"), why = document.querySelector("[role=status]");
const kept = api?.LMSGetValue("cmi.suspend_data");
if (kept) form.elements.c[Number(kept)].checked = true;
form.addEventListener("change", () => {
  api?.LMSSetValue("cmi.suspend_data", form.elements.c.value);
  api?.LMSCommit("");
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const isRight = Number(form.elements.c.value) === lesson.right;
  why.textContent = isRight ? lesson.why : lesson.again;
  api?.LMSSetValue("cmi.core.score.raw", isRight ? "100" : "40");
  api?.LMSSetValue("cmi.core.lesson_status", "completed");
  api?.LMSCommit("");
});
window.addEventListener("pagehide", () => api?.LMSFinish(""));
"""


def lesson(title: str, said: str, question: str, choices: Sequence[str], *, right: int, why: str) -> bytes:
    """One page: what a caller says, and what one would answer; it reports as it goes and resumes where it stopped."""
    facts = json.dumps(
        {"right": right, "why": why, "again": "Relisez ce que dit la personne, puis choisissez à nouveau."}
    )
    options = "".join(
        f"<label><input type='radio' name='c' value='{number}' required><span>{one}</span></label>"
        for number, one in enumerate(choices)
    )
    return f"""<!doctype html><html lang="fr"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title><style>{_LOOK}</style></head>
<body><main><h1>{title}</h1><blockquote>{said}</blockquote>
<form><fieldset><legend>{question}</legend>{options}</fieldset><p role="status"></p><button>Répondre</button></form>
</main><script>const lesson = {facts};{_PLAY}</script></body></html>""".encode()


WELCOMING = lesson(
    "Accueillir un appel",
    "« Bonjour, c'est la troisième fois que j'appelle pour la même facture. Personne ne me rappelle jamais. »",
    "Par quoi commencez-vous ?",
    (
        "« Je vous comprends. Je note tout de suite ce qui s'est passé les deux premières fois. »",
        "« Quel est votre numéro de client ? »",
        "« Je n'ai pas d'appel de vous dans mon historique. »",
    ),
    right=0,
    why="Oui : la personne entend qu'elle n'aura pas à tout répéter. Le numéro vient juste après.",
)
REASSURING = lesson(
    "Rassurer quelqu'un qui doute",
    "« Et qui me dit que le prélèvement ne repartira pas la semaine prochaine ? »",
    "Que répondez-vous ?",
    (
        "« Ne vous inquiétez pas, tout ira bien. »",
        "« Il est arrêté depuis aujourd'hui, et vous recevez une confirmation ce soir. »",
        "« Cela ne dépend pas de moi. »",
    ),
    right=1,
    why="Oui : un fait et une date rassurent mieux qu'une promesse.",
)
