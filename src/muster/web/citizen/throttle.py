"""How often one may guess: by the number asked for and by the address, whichever comes first.

It slows guessing down; the three answers are what keeps people apart.
"""

from django.conf import settings

from muster.people.operations import count_guess
from muster.web.accounts.visit import Visit, address_of

BY_NUMBER, BY_ADDRESS = 5, 60  # in ten minutes


def check(request: Visit, number: str) -> None:
    """Count a question, and go on only while there are not too many.

    Behind a proxy all addresses are the proxy's, and only the number counts.

    :raises TooManyQuestions: there are
    """
    limits = {f"citizen:number:{number}": BY_NUMBER}
    if not settings.BEHIND_TLS:
        limits[f"citizen:address:{address_of(request)}"] = BY_ADDRESS
    count_guess(limits=limits, at=request.at)
