"""NHS numbers: ten digits, the last one a check by modulus 11."""


def digits_of(text: str) -> str:
    """The digits of a typed NHS number, spaces and dashes dropped."""
    return text.replace(" ", "").replace("-", "")


def is_valid(text: str) -> bool:
    """Whether the check digit fits (weights 10 to 2; 11 counts as 0; 10 never fits)."""
    digits = digits_of(text)
    if len(digits) != 10 or not (digits.isascii() and digits.isdigit()):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits[:9], range(10, 1, -1), strict=True))
    check = (11 - total % 11) % 11
    return check != 10 and check == int(digits[9])


def grouped(text: str) -> str:
    """As people read it aloud: ``943 476 5919``."""
    digits = digits_of(text)
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}" if len(digits) == 10 else text
