"""F1, calibration error and intervals on cases worked by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.intent_calibration import highest_none
from evals.intent_scores import (
    expected_calibration_error,
    f1_per_intent,
    macro_f1,
    micro_f1,
)
from evals.intervals import wilson

TRUTH = np.array([[1, 0, 0], [1, 1, 0], [0, 0, 0], [0, 0, 0]], dtype=bool)
DECIDED = np.array([[1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 0]], dtype=bool)


def test_f1_of_each_intent_by_hand():
    found = f1_per_intent(TRUTH, DECIDED)
    # Intent 0: one hit, one miss. Intent 1: one hit, one false alarm. Intent 2 never occurs.
    assert found[:2] == pytest.approx([2 / 3, 2 / 3])
    assert np.isnan(found[2])
    assert macro_f1(TRUTH, DECIDED) == pytest.approx(2 / 3)
    assert micro_f1(TRUTH, DECIDED) == pytest.approx(2 / 3)


def test_without_any_intent_there_is_no_f1():
    empty = np.zeros((2, 3), dtype=bool)
    assert macro_f1(empty, empty) == micro_f1(empty, empty) == 0.0


def test_wilsons_interval_of_nine_in_ten():
    # Brown, Cai and DasGupta (2001) give [0.596, 0.982] for 9 of 10.
    assert wilson(9, 10) == pytest.approx((0.596, 0.982), abs=1e-3)
    assert wilson(0, 0) == (0.0, 1.0)


def test_none_is_said_only_where_the_low_scores_are_surely_empty():
    p = np.linspace(0, 1, 400, dtype=np.float32)[:, None]
    truth = p >= 0.3
    assert highest_none(truth, p) == pytest.approx(0.32, abs=0.02)
    assert highest_none(np.ones_like(truth), p) == 0.0


def test_saying_08_when_it_happens_half_of_the_time_is_03_off():
    p = np.full((4, 1), 0.8, dtype=np.float32)
    truth = np.array([[1], [0], [1], [0]], dtype=bool)
    assert expected_calibration_error(truth, p) == pytest.approx(0.3, abs=1e-6)


def test_what_is_never_shown_is_not_calibrated():
    assert expected_calibration_error(TRUTH, np.full(TRUTH.shape, 0.01, dtype=np.float32)) == 0.0


def test_arrays_of_different_shape_are_refused():
    with pytest.raises(ValueError, match="shape"):
        macro_f1(TRUTH, DECIDED[:2])


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=1, max_size=30))
def test_scores_stay_between_0_and_1(pairs):
    truth = np.array([[true] for true, _ in pairs])
    p = np.array([[p] for _, p in pairs], dtype=np.float32)
    assert 0 <= macro_f1(truth, p >= 0.5) <= 1
    assert 0 <= expected_calibration_error(truth, p) <= 1
