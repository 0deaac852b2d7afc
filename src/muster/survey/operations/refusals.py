"""How the survey says no."""

from muster.kernel.errors import Refusal


class UnknownCampaign(Refusal):
    """There is no such campaign."""

    code = "unknown_campaign"
    vi = "Không có chiến dịch {campaign}."
    en = "There is no campaign {campaign}."


class CampaignDiffers(Refusal):
    """A campaign of this id or name is there, and says something else."""

    code = "campaign_differs"
    vi = "Đã có chiến dịch “{name}” với nội dung khác."
    en = "There is a campaign “{name}” already, with another content."


class CampaignNameMissing(Refusal):
    """A campaign has a name of one to 120 letters."""

    code = "campaign_name_missing"
    vi = "Chiến dịch phải có tên từ 1 đến 120 ký tự."
    en = "A campaign has a name of 1 to 120 letters."


class NobodyCalled(Refusal):
    """A campaign calls at least one age band."""

    code = "nobody_called"
    vi = "Phải chọn ít nhất một nhóm tuổi."
    en = "Choose at least one age band."


class CampaignClosed(Refusal):
    """The campaign is closed: its cases stand as they are."""

    code = "campaign_closed"
    vi = "Chiến dịch “{name}” đã kết thúc."
    en = "The campaign “{name}” is closed."


class OutsideCampaign(Refusal):
    """The unit is not part of the campaign."""

    code = "outside_campaign"
    vi = "Đơn vị {unit} không thuộc chiến dịch “{name}”."
    en = "The unit {unit} is no part of the campaign “{name}”."


class OutsideUnit(Refusal):
    """The officer's unit has nothing to do with it: neither this unit nor one above."""

    code = "outside_unit"
    vi = "Không thuộc địa bàn của đơn vị bạn."
    en = "It does not lie in your unit's area."


class UnknownCase(Refusal):
    """There is no such case."""

    code = "unknown_case"
    vi = "Không có trường hợp {case} trong danh sách rà soát."
    en = "There is no case {case} in the survey."


class CaseOver(Refusal):
    """The case is done or dropped; it takes no mark."""

    code = "case_over"
    vi = "Trường hợp này đã xong hoặc không còn thuộc diện cấp; không ghi thêm được."
    en = "The case is done or no longer due; it takes no mark."
