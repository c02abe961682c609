"""The blueprint of the pages that edit; nothing on them may be kept by a browser, since they hold what people typed."""

from __future__ import annotations

import re

from flask import Blueprint, Response

from webapp.headers import forget_etag

blueprint = Blueprint("editing", __name__)

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@blueprint.after_request
def _keep_nothing(response: Response) -> Response:
    forget_etag()
    return response


@blueprint.app_template_filter("is_day")
def is_day(text: str) -> bool:
    """Whether a text is a date as browsers write it; what is none is shown as it was typed."""
    return _DAY.fullmatch(text) is not None
