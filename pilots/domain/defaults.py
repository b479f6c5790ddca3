"""What a new call starts with: five questions and four criteria, edited at will before opening."""

from __future__ import annotations

from typing import Any

from pilots.enums import QuestionKind
from pilots.models import Criterion, Question, Stage

QUESTIONS: tuple[dict[str, Any], ...] = (
    {
        "key": "team",
        "kind": QuestionKind.LONG,
        "label_fr": "Qui fera ce travail ?",
        "label_en": "Who will do this work?",
        "help_fr": "Rôles et expérience ; cette réponse n’est pas lue au premier tour.",
        "help_en": "Roles and experience; this answer is not read in the first round.",
        "max_words": 150,
        "is_identifying": True,
    },
    {
        "key": "solution",
        "kind": QuestionKind.LONG,
        "label_fr": "Que proposez-vous, et comment cela marche-t-il ?",
        "label_en": "What do you propose, and how does it work?",
        "help_fr": "Lue sans votre nom : n’écrivez ni marque ni personne.",
        "help_en": "Read without your name: write no brand and no person.",
        "max_words": 200,
    },
    {
        "key": "maturity",
        "kind": QuestionKind.TRL,
        "label_fr": "Maturité de la solution (TRL)",
        "label_en": "Maturity of the solution (TRL)",
    },
    {
        "key": "failure",
        "kind": QuestionKind.LONG,
        "label_fr": "Comment saurez-vous que l’essai a échoué ?",
        "label_en": "How will you know that the trial has failed?",
        "help_fr": "Donnez un chiffre et une date : un essai qui ne peut échouer n’apprend rien.",
        "help_en": "Give a figure and a date. A trial that cannot fail teaches nothing.",
        "max_words": 150,
    },
    {
        "key": "budget",
        "kind": QuestionKind.MONEY,
        "label_fr": "Coût de l’essai, en dollars",
        "label_en": "Cost of the trial, in dollars",
    },
)
CRITERIA = (
    ("Effet sur le problème", "Effect on the problem"),
    ("Adéquation au lieu", "Fit with the place"),
    ("Équipe", "Team"),
    ("Valeur pour la dépense", "Value for money"),
)


def add_default_content(stage: Stage) -> None:
    """Questions and criteria of a new stage; part of the caller's transaction."""
    Question.objects.bulk_create(
        Question(stage=stage, sort_order=n, **content) for n, content in enumerate(QUESTIONS)
    )
    Criterion.objects.bulk_create(
        Criterion(stage=stage, sort_order=n, label_fr=fr, label_en=en, weight=25)
        for n, (fr, en) in enumerate(CRITERIA)
    )
