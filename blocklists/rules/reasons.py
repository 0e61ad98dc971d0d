"""Why an entry is on a list: free words, in the form in which they are kept and compared."""


def normalize_reason(text: str) -> str:
    """Return the words with one kind of end of line, and nothing around them.

    A browser sends each end of line of a text field as CR and LF (HTML §4.10.22.4).
    """
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
