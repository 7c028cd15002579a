"""Questions from earlier lessons, asked again some days later: `dl.review`."""

from dlcourse.reviews.offer import Review, review

__all__ = ["Review", "review"]
