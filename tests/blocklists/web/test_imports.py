import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Membership, Organization
from accounts.types import Role
from blocklists import import_preview
from blocklists.import_preview import Preview
from blocklists.import_types import ImportMode
from blocklists.models import BlocklistEntry, ImportBatch, ImportChunk
from blocklists.reading.lines import RawRow
from blocklists.reading.rows import EntryRow, RowReader
from blocklists.types import ListType
from blocklists.web.words import FLOWS, TYPES
from core.clock import read_clock
from jobs import tasks
from jobs.models import Job
from tests.blocklists.factories import make_batch, make_entry
from tests.blocklists.imports import import_file
from tests.factories.accounts import make_member, make_organization
from tests.factories.pages import sign_in_as

pytestmark = pytest.mark.django_db(transaction=True)
HOME = "/dashboard/protection/blocklists"
CONTENT = "Tipo;Valor;Motivo\nemail;a@b.mx;uno\nemail;there@b.mx;dos\nemail;nobody;tres\nemail;A@B.mx;otra\n"
PLAIN = {"kind": "plain", "encoding": "utf-8", "separator": "','", "severity": "block", "mode": "valid_only"}


@pytest.fixture
def member(db: None) -> Membership:
    return make_member(organization=make_organization(), role=Role.ANALYST)


@pytest.fixture
def browser(member: Membership) -> Client:
    return sign_in_as(member)


def _upload(browser: Client, content: str | bytes, *, name: str = "lista.csv") -> Any:
    data = content.encode() if isinstance(content, str) else content
    return browser.post(f"{HOME}/import", {"file": SimpleUploadedFile(name, data)})


def _form_of(page: Any) -> dict[str, str]:
    form = page.context["form"]
    given = {name: form[name].value() for name in form.fields}
    return {name: str(value) for name, value in given.items() if value not in {None, "", False}}


def test_the_review_says_which_rows_are_ones_own(browser: Client, member: Membership) -> None:
    Organization.objects.filter(pk=member.organization_id).update(own_identifiers=["646180111800000004"])
    _upload(browser, "646180111800000004\n646180115000000000\n", name="lista.txt")
    page = browser.get(f"{HOME}/import/{ImportBatch.unscoped.get().id}/preview")
    shown = page.context["shown"]
    assert (shown.rows, shown.new, shown.invalid) == (2, 1, 1)
    said = "Es de su propia organización: agréguela sola, en Listas, si de verdad quiere detenerla."
    assert page.context["refusals"] == [(1, said, "646180111800000004")]
    assert said in page.content.decode()


def test_a_file_goes_from_upload_over_review_to_the_lists(browser: Client, member: Membership) -> None:
    make_entry(organization=member.organization, list_type=ListType.EMAIL, value="there@b.mx")
    answer = _upload(browser, CONTENT)
    batch = ImportBatch.unscoped.get()
    preview = f"{HOME}/import/{batch.id}/preview"
    assert (answer.status_code, answer["Location"]) == (303, preview)
    page = browser.get(preview)
    shown = page.context["shown"]
    assert (shown.rows, shown.new, shown.existing, shown.duplicate, shown.invalid) == (4, 1, 1, 1, 1)
    assert (shown.is_whole, shown.heads) == (True, ["Tipo", "Valor", "Motivo"])
    assert page.context["refusals"] == [(4, "El valor no tiene la forma de su tipo de lista.", "email;nobody;tres")]
    assert not Job.unscoped.exists()
    answer = browser.post(preview, _form_of(page) | {"act": "confirm"})
    job = Job.unscoped.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/dashboard/jobs/{job.id}")
    tasks.run_jobs()
    page = browser.get(f"/dashboard/jobs/{job.id}")
    assert f'href="{HOME}/imports/{batch.id}"' in page.content.decode()
    row = BlocklistEntry.unscoped.get(value="a@b.mx")
    assert (row.reason, row.severity, row.batch_id) == ("uno", "block", batch.id)


def test_blank_lines_before_a_header_are_not_taken_for_it(browser: Client) -> None:
    _upload(browser, f"\n\n{CONTENT}")
    shown = browser.get(f"{HOME}/import/{ImportBatch.unscoped.get().id}/preview").context["shown"]
    assert (shown.rows, shown.heads, shown.cells[0]) == (4, ["Tipo", "Valor", "Motivo"], ["email", "a@b.mx", "uno"])


def test_why_an_import_failed_is_told_by_its_job_which_leads_to_it(browser: Client, member: Membership) -> None:
    batch = import_file(member, "nobody\n")
    said = "Hay filas no válidas, o ninguna es válida. No se cambió nada."
    page = browser.get(f"/dashboard/jobs/{batch.job_id}").content.decode()
    assert said in page
    assert f'href="{HOME}/imports/{batch.id}"' in page
    assert said in browser.get(f"{HOME}/imports/{batch.id}").content.decode()


def test_the_upload_page_says_the_limits_and_has_a_template_that_can_be_imported(browser: Client) -> None:
    page = browser.get(f"{HOME}/import").content.decode()
    assert "Hasta 200 MB sin comprimir y 2,000,000 filas." in page
    template = b"".join(browser.get(f"{HOME}/import/template").streaming_content)  # type: ignore[attr-defined]
    _upload(browser, template)
    batch = ImportBatch.unscoped.get()
    shown = browser.get(f"{HOME}/import/{batch.id}/preview").context["shown"]
    assert (shown.rows, shown.new, shown.invalid) == (3, 3, 0)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "El archivo no tiene filas."),
        (b"PK\x03\x04broken", "El archivo comprimido está dañado o incompleto."),
        (b"\x00\x01\x02\x00", "El archivo no es texto. Guarde la hoja de cálculo como CSV."),
    ],
)
def test_a_file_that_cannot_be_imported_is_told_beside_its_field(browser: Client, content: bytes, said: str) -> None:
    answer = _upload(browser, content)
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"file": [said]}
    assert not ImportBatch.unscoped.exists()
    assert not ImportChunk.unscoped.exists()


def test_no_file_is_told_beside_its_field(browser: Client) -> None:
    answer = browser.post(f"{HOME}/import", {})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["file"])


def test_columns_are_chosen_anew_when_the_file_is_read_in_another_way(browser: Client) -> None:
    _upload(browser, "a@b.mx|uno\nc@b.mx|dos\n")
    preview = f"{HOME}/import/{ImportBatch.unscoped.get().id}/preview"
    page = browser.get(preview)
    assert page.context["form"].initial["separator"] == "'|'"
    given = _form_of(page) | {"separator": "','", "act": "confirm"}
    page = browser.post(preview, given)
    assert (page.status_code, page.context["shown"].heads) == (200, ["A"])
    assert not Job.unscoped.exists()
    given = _form_of(page) | {"separator": "'|'"}
    page = browser.post(preview, given)
    given = _form_of(page) | {"column_reason": "1", "act": "confirm", "list_type": "email"}
    assert browser.post(preview, given).status_code == 303
    tasks.run_jobs()
    assert sorted(BlocklistEntry.unscoped.values_list("value", "reason")) == [("a@b.mx", "uno"), ("c@b.mx", "dos")]


def test_terms_of_the_whole_file_are_tried_before_they_are_confirmed(browser: Client) -> None:
    _upload(browser, "u-1\nu-2\n", name="clientes.txt")
    preview = f"{HOME}/import/{ImportBatch.unscoped.get().id}/preview"
    page = browser.get(preview)
    assert page.context["shown"].invalid == 2
    given = _form_of(page) | {"list_type": "customer_id", "severity": "review", "reason": "fuga", "act": "preview"}
    page = browser.post(preview, given)
    assert (page.context["shown"].new, page.context["shown"].invalid) == (2, 0)
    assert not Job.unscoped.exists()
    until = (read_clock() + timedelta(days=9)).date()
    browser.post(preview, given | {"act": "confirm", "expires": until.isoformat(), "mode": "all_or_nothing"})
    tasks.run_jobs()
    assert ImportBatch.unscoped.get().mode == ImportMode.ALL_OR_NOTHING
    rows = BlocklistEntry.unscoped.values_list("list_type", "value", "severity", "reason", "expires_at__date")
    assert sorted(rows) == [("customer_id", f"u-{place}", "review", "fuga", until) for place in (1, 2)]


def test_the_file_is_judged_once_for_a_review_and_not_before_it_is_confirmed(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[int] = []
    judge = import_preview._judge

    def spy(found: Preview, reader: RowReader, rows: list[RawRow]) -> list[EntryRow]:
        judged.append(len(rows))
        return judge(found, reader, rows)

    monkeypatch.setattr(import_preview, "_judge", spy)
    _upload(browser, CONTENT)
    preview = f"{HOME}/import/{ImportBatch.unscoped.get().id}/preview"
    given = _form_of(browser.get(preview))
    assert judged == [4]
    browser.post(preview, given | {"act": "preview"})
    assert judged == [4, 4]
    assert browser.post(preview, given | {"act": "confirm"}).status_code == 303
    assert judged == [4, 4]


def test_a_review_has_the_words_of_the_lists(browser: Client) -> None:
    _upload(browser, CONTENT)
    form = browser.get(f"{HOME}/import/{ImportBatch.unscoped.get().id}/preview").context["form"]
    assert form.fields["list_type"].choices[1:] == list(TYPES.items())
    assert form.fields["flow_scope"].choices[1:] == list(FLOWS.items())
    assert ("block", "Bloqueo. Rechaza el pago.") in [
        (code, str(word)) for code, word in form.fields["severity"].choices
    ]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"column_value": ""}, "column_value"),
        ({"column_reason": "1"}, "__all__"),
        ({"expires": "2020-01-01"}, "expires"),
        ({"mode": "some"}, "mode"),
        ({"column_value": "9"}, "column_value"),
    ],
)
def test_what_cannot_be_is_told_and_imports_nothing(browser: Client, change: dict[str, str], field: str) -> None:
    _upload(browser, CONTENT)
    preview = f"{HOME}/import/{ImportBatch.unscoped.get().id}/preview"
    given = _form_of(browser.get(preview)) | {"act": "confirm"} | change
    answer = browser.post(preview, given)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Job.unscoped.exists()


def test_a_draft_that_was_confirmed_leads_to_its_page(browser: Client, member: Membership) -> None:
    batch = import_file(member, "a@b.mx\n")
    preview, page = f"{HOME}/import/{batch.id}/preview", f"{HOME}/imports/{batch.id}"
    assert browser.get(preview)["Location"] == page
    assert browser.post(preview, PLAIN | {"act": "confirm"})["Location"] == page
    assert Job.unscoped.count() == 1


def test_a_draft_whose_file_is_lost_leads_to_another_upload(browser: Client) -> None:
    _upload(browser, CONTENT)
    preview = f"{HOME}/import/{ImportBatch.unscoped.get().id}/preview"
    given = _form_of(browser.get(preview)) | {"act": "confirm"}
    ImportChunk.unscoped.all().delete()
    for answer in (browser.get(preview, follow=True), browser.post(preview, given, follow=True)):
        assert answer.redirect_chain == [(f"{HOME}/import", 303)]
        assert "El archivo de este borrador se perdió" in answer.content.decode()
    assert not Job.unscoped.exists()


def test_the_page_of_an_import_shows_counts_and_refused_rows_and_undoes_it(browser: Client, member: Membership) -> None:
    batch = import_file(member, "value,reason\na@b.mx,\n=cmd(),x\n")
    page = browser.get(f"{HOME}/imports/{batch.id}")
    assert page.context["refusals"][0][0] == 3
    text = page.content.decode()
    assert batch.file_sha256 in text
    assert "Deshacer lote" in text
    answer = browser.post(f"{HOME}/imports/{batch.id}/undo")
    job = Job.unscoped.latest("id")
    assert (answer.status_code, answer["Location"]) == (303, f"/dashboard/jobs/{job.id}")
    tasks.run_jobs()
    assert not BlocklistEntry.unscoped.exists()
    text = browser.get(f"{HOME}/imports/{batch.id}").content.decode()
    assert "Deshecha" in text
    assert "Deshacer lote" not in text
    assert browser.post(f"{HOME}/imports/{batch.id}/undo")["Location"] == f"{HOME}/imports/{batch.id}"
    assert Job.unscoped.count() == 2


def test_refused_rows_are_downloaded_with_their_error_and_no_formula(browser: Client, member: Membership) -> None:
    batch = import_file(member, "value\na@b.mx\n=cmd()\n")
    answer: Any = browser.get(f"{HOME}/imports/{batch.id}/refused")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert rows == [
        ["Línea", "Error", "Fila"],
        ["3", "La fila no dice su tipo de lista, y el valor no lo muestra.", "'=cmd()"],
    ]


def test_a_colleague_without_the_right_cannot_undo_and_a_viewer_sees_no_row(member: Membership) -> None:
    batch = import_file(member, "a@b.mx\nsecret-row\n")
    colleague = sign_in_as(make_member(organization=member.organization, role=Role.ANALYST))
    assert "Deshacer lote" not in colleague.get(f"{HOME}/imports/{batch.id}").content.decode()
    answer = colleague.post(f"{HOME}/imports/{batch.id}/undo", follow=True)
    assert "Deshacerla toca a un administrador" in answer.content.decode()
    viewer = sign_in_as(make_member(organization=member.organization, role=Role.VIEWER))
    page = viewer.get(f"{HOME}/imports/{batch.id}")
    assert page.status_code == 200
    assert "secret-row" not in page.content.decode()
    assert viewer.get(f"{HOME}/imports/{batch.id}/refused").status_code == 403
    assert BlocklistEntry.unscoped.count() == 1


def test_a_stranger_sees_no_import(member: Membership) -> None:
    batch, draft = import_file(member, "a@b.mx\n"), make_batch(organization=member.organization)
    stranger = sign_in_as(make_member(organization=make_organization()))
    assert stranger.get(f"{HOME}/imports").context["rows"] == []
    for path in (f"imports/{batch.id}", f"imports/{batch.id}/refused", f"import/{draft.id}/preview"):
        assert stranger.get(f"{HOME}/{path}").status_code == 404
    assert stranger.post(f"{HOME}/import/{draft.id}/preview", PLAIN | {"act": "confirm"}).status_code == 404
    assert stranger.post(f"{HOME}/imports/{batch.id}/undo").status_code == 404
    assert ImportBatch.unscoped.get(pk=draft.pk).state == "draft"


def test_the_list_has_who_imported_what_and_no_drafts(browser: Client, member: Membership) -> None:
    import_file(member, "a@b.mx\n")
    make_batch(organization=member.organization, file_name="borrador.csv")
    text = browser.get(f"{HOME}/imports").content.decode()
    assert member.user.email in text
    assert "borrador.csv" not in text
