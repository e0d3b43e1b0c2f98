"""Settings of allauth and of passwords. Everything here is read by Django through `settings`."""

from typing import Any, Final

ACCOUNT_ADAPTER: Final = "tutelage.web.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD: Final = None
ACCOUNT_LOGIN_METHODS: Final = {"email"}
ACCOUNT_SIGNUP_FIELDS: Final = ["email*", "password1*"]
ACCOUNT_FORMS: Final = {
    "change_password": "tutelage.web.accounts.forms.ChangePasswordForm",
    "login": "tutelage.web.accounts.forms.LoginForm",
    "reset_password": "tutelage.web.accounts.forms.ResetPasswordForm",
    "signup": "tutelage.web.accounts.forms.SignupForm",
}
ACCOUNT_EMAIL_VERIFICATION: Final = "mandatory"
ACCOUNT_CHANGE_EMAIL: Final = True  # one address a person; a new one counts once it is verified
ACCOUNT_EMAIL_NOTIFICATIONS: Final = True
ACCOUNT_PREVENT_ENUMERATION: Final = True
ACCOUNT_LOGOUT_REDIRECT_URL: Final = "account_login"

# Ten tries in a quarter of an hour on one account in all, from wherever and in whichever process:
# five by password (asked again, or to change it, included), five by second factor. The counts are
# in the database.
ACCOUNT_RATE_LIMITS: Final = {
    "login_failed": "60/15m/ip,5/15m/key",
    "login": "120/m/ip",  # a whole class may sign in from one address
    "reauthenticate": "10/15m/user",
    "change_password": "5/15m/user",
    "reset_password": "20/15m/ip,3/15m/key",
}

MFA_ADAPTER: Final = "tutelage.web.accounts.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES: Final = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER: Final = "Tutelage"
MFA_TOTP_TOLERANCE: Final = 1  # the clock of a phone may be half a minute off
MFA_RECOVERY_CODES_SHOW_ONCE: Final = False

_VALIDATION: Final = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: Final[list[dict[str, Any]]] = [
    {
        "NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
]
