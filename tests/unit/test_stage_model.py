"""A model of stages learns from titles and answers for its own document type only."""

from __future__ import annotations

from pipelines.enrich.stage_model import StageModel

EXAMPLES = [
    ("Rule", "Safety Zone; Long River", "interim_final_rule"),
    ("Rule", "Safety Zone; Short River", "interim_final_rule"),
    ("Rule", "Grain Standards; Final Amendments", "final_rule"),
    ("Rule", "Milk Standards; Final Amendments", "final_rule"),
    ("Proposed Rule", "Safety Zone; Far River", "proposed_rule"),
]


def test_titles_alike_get_the_stage_of_their_like() -> None:
    model = StageModel.trained(EXAMPLES)
    assert model.stage("Rule", "Safety Zone; Blue River") == "interim_final_rule"
    assert model.stage("Rule", "Egg Standards; Final Amendments") == "final_rule"


def test_a_type_answers_with_its_own_stages() -> None:
    model = StageModel.trained(EXAMPLES)
    assert model.stage("Proposed Rule", "Grain Standards") == "proposed_rule"
    assert model.stage("Notice", "Grain Standards") is None


def test_equal_chances_are_decided_the_same_way_each_time() -> None:
    pair = [("Rule", "Eggs", "b"), ("Rule", "Eggs", "a")]
    assert StageModel.trained(pair).stage("Rule", "Eggs") == StageModel.trained(pair[::-1]).stage("Rule", "Eggs")
