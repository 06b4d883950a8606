from accounts.models.account import Account
from accounts.models.api_token import ApiToken
from accounts.models.organisation import Membership, Organisation, OrganisationSlugHistory

__all__ = ["Account", "ApiToken", "Membership", "Organisation", "OrganisationSlugHistory"]
