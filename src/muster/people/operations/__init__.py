"""Every write of people: officers, assignments, passwords, second factors, approvals, sign-in, the demonstration.

All take ``at`` of the real clock, by which passwords, shifts and requests expire whatever year a played campaign is in.
They write the audit, in the campaign's time like all of it, and no events: an officer is not a thing of a campaign.
"""

from muster.people.operations.approvals import (
    AlreadyDecided,
    AlreadyUsed,
    ApprovalExpired,
    ApprovalRequest,
    ApprovalUse,
    Decision,
    NeedsSecondPerson,
    NoReason,
    NotGranted,
    UnknownApproval,
    decide_approvals,
    request_approvals,
    use_approvals,
)
from muster.people.operations.assignments import (
    AlreadyAssigned,
    NewAssignment,
    NotForThisKind,
    UnknownAssignment,
    assign_roles,
    end_assignments,
)
from muster.people.operations.common import IdTaken, Inactive, NotYourself, UnknownOfficer
from muster.people.operations.confirming import HadAHand, NoPhoneYet, NotConfirmed, confirm_officers
from muster.people.operations.demo import (
    AdministratorExists,
    RealPeopleHere,
    demo_role,
    first_administrator,
    make_demo_officers,
    mark_demo,
)
from muster.people.operations.factor import (
    FactorReset,
    WrongCode,
    begin_enrolment,
    confirm_enrolment,
    prove_factor,
    reset_factors,
)
from muster.people.operations.guesses import TooManyQuestions, count_guess, forget_guesses
from muster.people.operations.officers import (
    BadgeTaken,
    BadUsername,
    Nameless,
    NewOfficer,
    UsernameTaken,
    add_officers,
    deactivate_officers,
)
from muster.people.operations.passwords import (
    NewPassword,
    WeakPassword,
    WrongPassword,
    change_password,
    issue_passwords,
)
from muster.people.operations.sign_in import (
    end_sessions,
    open_session,
    record_failure,
    touch_session,
)
from muster.people.operations.tokens import BadToken, NewToken, end_tokens, hash_of, make_tokens

__all__ = [
    "AdministratorExists",
    "AlreadyAssigned",
    "AlreadyDecided",
    "AlreadyUsed",
    "ApprovalExpired",
    "ApprovalRequest",
    "ApprovalUse",
    "BadToken",
    "BadUsername",
    "BadgeTaken",
    "Decision",
    "FactorReset",
    "HadAHand",
    "IdTaken",
    "Inactive",
    "Nameless",
    "NeedsSecondPerson",
    "NewAssignment",
    "NewOfficer",
    "NewPassword",
    "NewToken",
    "NoPhoneYet",
    "NoReason",
    "NotConfirmed",
    "NotForThisKind",
    "NotGranted",
    "NotYourself",
    "RealPeopleHere",
    "TooManyQuestions",
    "UnknownApproval",
    "UnknownAssignment",
    "UnknownOfficer",
    "UsernameTaken",
    "WeakPassword",
    "WrongCode",
    "WrongPassword",
    "add_officers",
    "assign_roles",
    "begin_enrolment",
    "change_password",
    "confirm_enrolment",
    "confirm_officers",
    "count_guess",
    "deactivate_officers",
    "decide_approvals",
    "demo_role",
    "end_assignments",
    "end_sessions",
    "end_tokens",
    "first_administrator",
    "forget_guesses",
    "hash_of",
    "issue_passwords",
    "make_demo_officers",
    "make_tokens",
    "mark_demo",
    "open_session",
    "prove_factor",
    "record_failure",
    "request_approvals",
    "reset_factors",
    "touch_session",
    "use_approvals",
]
