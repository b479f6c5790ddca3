import core.previews
import django.core.validators
import django.db.models.deletion
import modelcluster.fields
import modelsearch.index
import startups.models.editing
import startups.models.listing
import startups.validators
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0005_throw_away_address"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("files", "0001_initial"),
        ("taxonomy", "0003_confirm_every_days"),
        ("wagtailcore", "0098_apitoken"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ListingRules",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "startup",
                    models.JSONField(
                        blank=True,
                        default=startups.models.editing.quick_startup,
                        verbose_name="of a startup",
                    ),
                ),
                (
                    "solution",
                    models.JSONField(
                        blank=True,
                        default=startups.models.editing.quick_solution,
                        verbose_name="of a solution",
                    ),
                ),
                (
                    "incubator",
                    models.JSONField(
                        blank=True,
                        default=startups.models.editing.quick_incubator,
                        verbose_name="of a support organisation",
                    ),
                ),
                (
                    "program",
                    models.JSONField(
                        blank=True,
                        default=startups.models.editing.quick_program,
                        verbose_name="of a program",
                    ),
                ),
            ],
            options={
                "verbose_name": "changes that go live at once",
            },
        ),
        migrations.CreateModel(
            name="CheckedLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "address",
                    models.CharField(max_length=1000, unique=True, verbose_name="web address"),
                ),
                ("used_by", models.JSONField(default=list, verbose_name="led to by")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("answers", "Answers"),
                            ("unsure", "Answers, but not to machines"),
                            ("fails", "Does not answer"),
                        ],
                        default="",
                        max_length=8,
                        verbose_name="last test",
                    ),
                ),
                (
                    "status",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="status"),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_an_address", "this is not the address of a web page"),
                            ("userinfo", "the address holds a name or a password"),
                            ("port", "the address asks for another port than 80 or 443"),
                            ("no_such_name", "no such name"),
                            ("private", "it leads to an address that is not public"),
                            ("unreachable", "the server cannot be reached"),
                            ("certificate", "its certificate is not valid"),
                            ("timeout", "no answer within ten seconds"),
                            ("loop", "it redirects in circles"),
                            ("redirects", "it redirects too many times"),
                            ("no_sense", "its answer makes no sense"),
                            (
                                "status",
                                "the server says that the page is not there, or that it failed",
                            ),
                        ],
                        default="",
                        max_length=16,
                        verbose_name="reason",
                    ),
                ),
                ("checked_at", models.DateTimeField(blank=True, null=True, verbose_name="tested")),
                (
                    "failing_since",
                    models.DateTimeField(blank=True, null=True, verbose_name="failing since"),
                ),
                (
                    "broken_since",
                    models.DateTimeField(blank=True, null=True, verbose_name="broken since"),
                ),
                ("told_at", models.DateTimeField(blank=True, null=True, verbose_name="owner told")),
                ("taken_until", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "public link",
                "verbose_name_plural": "public links",
                "ordering": ["address"],
                "indexes": [models.Index(fields=["checked_at"], name="link_checked")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["", "answers", "unsure", "fails"])),
                        name="link_outcome_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("broken_since__isnull", True),
                            ("broken_since", models.F("failing_since")),
                            _connector="OR",
                        ),
                        name="link_broken_since_it_fails",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("told_at__isnull", True),
                            ("broken_since__isnull", False),
                            _connector="OR",
                        ),
                        name="link_told_when_broken",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FormerAddress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20, verbose_name="kind")),
                ("slug", models.SlugField(max_length=120, verbose_name="address")),
                ("object_id", models.PositiveBigIntegerField(verbose_name="which")),
                ("left_at", models.DateTimeField(verbose_name="until")),
            ],
            options={
                "verbose_name": "former address",
                "verbose_name_plural": "former addresses",
                "ordering": ["left_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "slug"), name="former_address_once"),
                    models.CheckConstraint(
                        condition=models.Q(("slug", ""), _negated=True),
                        name="former_address_has_slug",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportMatching",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("incubator", "Support organisations"),
                            ("startup", "Startups"),
                            ("program", "Programs of support organisations"),
                        ],
                        max_length=12,
                    ),
                ),
                ("signature", models.CharField(max_length=64)),
                ("mapping", models.JSONField(default=list)),
                ("meanings", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name": "remembered matching",
                "verbose_name_plural": "remembered matchings",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "signature"), name="import_matching_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("incubator", "Support organisations"),
                            ("startup", "Startups"),
                            ("program", "Programs of support organisations"),
                        ],
                        max_length=12,
                        verbose_name="what the rows are",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("columns", "Columns to match"),
                            ("checking", "Being compared with the directory"),
                            ("ready", "Dry run to read"),
                            ("running", "Being written"),
                            ("done", "Done"),
                            ("abandoned", "Abandoned"),
                        ],
                        default="columns",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("file_name", models.CharField(max_length=200, verbose_name="file")),
                (
                    "source",
                    models.CharField(
                        help_text="For example: register of enterprises, November 2026.",
                        max_length=200,
                        verbose_name="where the data come from",
                    ),
                ),
                (
                    "publishes",
                    models.BooleanField(
                        default=False,
                        help_text="Otherwise each listing is a draft, which somebody reads and publishes.",
                        verbose_name="publish at once",
                    ),
                ),
                (
                    "allows_outside",
                    models.BooleanField(
                        default=False, verbose_name="places outside the city’s area are meant"
                    ),
                ),
                ("columns", models.JSONField(default=list, verbose_name="columns")),
                ("mapping", models.JSONField(default=list, verbose_name="matching")),
                ("meanings", models.JSONField(default=dict, verbose_name="meanings")),
                ("rows_count", models.PositiveIntegerField(default=0, verbose_name="rows")),
                (
                    "checked_count",
                    models.PositiveIntegerField(default=0, verbose_name="rows compared"),
                ),
                ("done_count", models.PositiveIntegerField(default=0, verbose_name="rows written")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="received")),
                ("moved_at", models.DateTimeField(auto_now=True, verbose_name="last move")),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="brought in by",
                    ),
                ),
            ],
            options={
                "verbose_name": "import",
                "verbose_name_plural": "imports",
                "ordering": ["-created_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["incubator", "startup", "program"]),
                            (
                                "state__in",
                                ["columns", "checking", "ready", "running", "done", "abandoned"],
                            ),
                        ),
                        name="import_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("checked_count__lte", models.F("rows_count")),
                            ("done_count__lte", models.F("rows_count")),
                        ),
                        name="import_not_beyond_its_rows",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="row")),
                ("cells", models.JSONField(default=list)),
                ("flaws", models.JSONField(default=list)),
                ("facts", models.JSONField(default=dict)),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("new", "New"),
                            ("changed", "Changed"),
                            ("double", "Maybe a double"),
                            ("same", "Same"),
                            ("refused", "Refused"),
                        ],
                        max_length=8,
                        verbose_name="dry run",
                    ),
                ),
                ("problems", models.JSONField(default=list)),
                ("difference", models.JSONField(default=list)),
                ("doubles", models.JSONField(default=list)),
                ("target", models.PositiveBigIntegerField(blank=True, null=True)),
                (
                    "choice",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("update", "It is the same: update it"),
                            ("create", "It is another one: create it"),
                            ("skip", "Leave this row out"),
                        ],
                        max_length=6,
                        verbose_name="choice",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("created", "Created"),
                            ("updated", "Updated"),
                            ("drafted", "Changed in a draft"),
                            ("same", "Nothing to change"),
                            ("skipped", "Left out"),
                            ("refused", "Refused"),
                        ],
                        max_length=8,
                        verbose_name="outcome",
                    ),
                ),
                ("record", models.PositiveBigIntegerField(blank=True, null=True)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="startups.importrun",
                    ),
                ),
            ],
            options={
                "verbose_name": "row of an import",
                "verbose_name_plural": "rows of an import",
                "ordering": ["run", "number"],
                "indexes": [
                    models.Index(fields=["run", "verdict"], name="import_row_verdict"),
                    models.Index(fields=["run", "outcome"], name="import_row_outcome"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("run", "number"), name="import_row_once"),
                    models.CheckConstraint(
                        condition=models.Q(("choice", ""), ("verdict", "double"), _connector="OR"),
                        name="import_choice_on_double",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome", ""),
                            models.Q(("verdict", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="import_outcome_after_dry_run",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Incubator",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("live", models.BooleanField(default=True, editable=False, verbose_name="live")),
                (
                    "has_unpublished_changes",
                    models.BooleanField(
                        default=False, editable=False, verbose_name="has unpublished changes"
                    ),
                ),
                (
                    "first_published_at",
                    models.DateTimeField(
                        blank=True, db_index=True, null=True, verbose_name="first published at"
                    ),
                ),
                (
                    "last_published_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="last published at"
                    ),
                ),
                (
                    "go_live_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="go live date/time"),
                ),
                (
                    "expire_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="expiry date/time"),
                ),
                (
                    "expired",
                    models.BooleanField(default=False, editable=False, verbose_name="expired"),
                ),
                (
                    "locked",
                    models.BooleanField(default=False, editable=False, verbose_name="locked"),
                ),
                (
                    "locked_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="locked at"),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                ("slug", models.SlugField(max_length=120, unique=True, verbose_name="address")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("unclaimed", "Unclaimed"),
                            ("claimed", "Claimed"),
                            ("verified", "Verified"),
                            ("closed", "Closed"),
                            ("merged", "Merged"),
                        ],
                        default="unclaimed",
                        max_length=12,
                        verbose_name="listing",
                    ),
                ),
                (
                    "verified_on",
                    models.DateField(blank=True, null=True, verbose_name="last confirmed on"),
                ),
                (
                    "is_example",
                    models.BooleanField(
                        default=False,
                        help_text="Invented for the demonstration; marked as such.",
                        verbose_name="example",
                    ),
                ),
                (
                    "languages",
                    models.JSONField(
                        blank=True,
                        default=startups.models.listing.default_languages,
                        verbose_name="languages",
                    ),
                ),
                (
                    "closed_on",
                    models.DateField(blank=True, null=True, verbose_name="closed or merged on"),
                ),
                (
                    "status_note_fr",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="closing or merger (French)"
                    ),
                ),
                (
                    "status_note_en",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="closing or merger (English)"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "neq",
                    models.CharField(
                        blank=True,
                        max_length=10,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\d{10}$", "An enterprise number has ten digits."
                            )
                        ],
                        verbose_name="enterprise number (NEQ)",
                    ),
                ),
                (
                    "founded_year",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="founded in"
                    ),
                ),
                ("website", models.URLField(blank=True, verbose_name="web site")),
                (
                    "links",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="One address per line.",
                        validators=[startups.validators.validate_links],
                        verbose_name="other links",
                    ),
                ),
                (
                    "logo_alt_fr",
                    models.CharField(
                        blank=True, max_length=160, verbose_name="what the logo shows (French)"
                    ),
                ),
                (
                    "logo_alt_en",
                    models.CharField(
                        blank=True, max_length=160, verbose_name="what the logo shows (English)"
                    ),
                ),
                ("sectors", models.JSONField(blank=True, default=list, verbose_name="sectors")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("incubator", "Incubator"),
                            ("accelerator", "Accelerator"),
                            ("living_lab", "Living lab"),
                            ("maker_space", "Learning and making centre"),
                            ("space", "Workspace"),
                            ("fund", "Fund"),
                            ("network", "Network"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "legal_form",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("nonprofit", "Non-profit organisation"),
                            ("company", "Company"),
                            ("cooperative", "Cooperative"),
                            ("university", "Part of a university or college"),
                            ("public", "Public body"),
                            ("foundation", "Foundation"),
                        ],
                        max_length=12,
                        verbose_name="legal form",
                    ),
                ),
                (
                    "summary_fr",
                    models.CharField(max_length=300, verbose_name="in one sentence (French)"),
                ),
                (
                    "summary_en",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="in one sentence (English)"
                    ),
                ),
                ("about_fr", models.TextField(verbose_name="about (French)")),
                ("about_en", models.TextField(blank=True, verbose_name="about (English)")),
                ("address", models.CharField(blank=True, max_length=255, verbose_name="address")),
                ("lat", models.FloatField(blank=True, null=True, verbose_name="latitude")),
                ("lon", models.FloatField(blank=True, null=True, verbose_name="longitude")),
                ("offers", models.JSONField(blank=True, default=list, verbose_name="offers")),
                ("sources", models.JSONField(blank=True, default=list, verbose_name="sources")),
                (
                    "borough",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="taxonomy.borough",
                        verbose_name="borough",
                    ),
                ),
                (
                    "latest_revision",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.revision",
                        verbose_name="latest revision",
                    ),
                ),
                (
                    "live_revision",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.revision",
                        verbose_name="live revision",
                    ),
                ),
                (
                    "locked_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="locked_%(class)ss",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="locked by",
                    ),
                ),
                (
                    "logo",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="logo",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged_from",
                        to="startups.incubator",
                        verbose_name="merged into",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="accounts.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "themes",
                    modelcluster.fields.ParentalManyToManyField(
                        blank=True, to="taxonomy.theme", verbose_name="themes"
                    ),
                ),
            ],
            options={
                "verbose_name": "support organisation",
                "verbose_name_plural": "support organisations",
                "ordering": ["name", "pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["unclaimed", "claimed", "verified", "closed", "merged"])
                        ),
                        name="incubator_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("slug", ""), _negated=True), name="incubator_has_slug"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("merged_into__isnull", True),
                            models.Q(("merged_into", models.F("pk")), _negated=True),
                            _connector="OR",
                        ),
                        name="incubator_not_own_heir",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("founded_year__isnull", True),
                            ("founded_year__gte", 1800),
                            _connector="OR",
                        ),
                        name="incubator_founded_plausible",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("logo__isnull", True),
                            models.Q(("logo_alt_fr", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="incubator_logo_is_described",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "incubator",
                                    "accelerator",
                                    "living_lab",
                                    "maker_space",
                                    "space",
                                    "fund",
                                    "network",
                                ],
                            )
                        ),
                        name="incubator_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lat__isnull", True), ("lon__isnull", True)),
                            models.Q(("lat__range", (-90, 90)), ("lon__range", (-180, 180))),
                            _connector="OR",
                        ),
                        name="incubator_place_whole",
                    ),
                ],
            },
            bases=(core.previews.TwoLanguagePreview, modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name="IncubatorPerson",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                ("role_fr", models.CharField(max_length=120, verbose_name="role (French)")),
                (
                    "role_en",
                    models.CharField(blank=True, max_length=120, verbose_name="role (English)"),
                ),
                (
                    "email",
                    models.EmailField(
                        blank=True,
                        help_text="An address of the organisation, which anyone may read.",
                        max_length=254,
                        validators=[startups.validators.validate_public_address],
                        verbose_name="public address",
                    ),
                ),
                (
                    "incubator",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="people",
                        to="startups.incubator",
                    ),
                ),
            ],
            options={
                "verbose_name": "person",
                "verbose_name_plural": "people",
                "ordering": ["sort_order"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("role_fr", ""), _negated=True),
                        name="incubatorperson_has_a_role",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ListingEdit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("object_id", models.PositiveBigIntegerField(verbose_name="listing")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft in progress"),
                            ("submitted", "In review"),
                            ("returned", "Returned with a comment"),
                            ("published", "Published"),
                            ("live", "Published, to review after"),
                            ("seen", "Published and seen"),
                            ("turned_back", "Turned back"),
                        ],
                        default="draft",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="begun")),
                (
                    "submitted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="submitted"),
                ),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="answered"),
                ),
                ("comment", models.TextField(blank=True, verbose_name="comment of the city")),
                ("before", models.JSONField(blank=True, default=dict)),
                ("after", models.JSONField(blank=True, default=dict)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "content_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contenttypes.contenttype",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="listing_edits",
                        to="accounts.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.revision",
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "change of a listing",
                "verbose_name_plural": "changes of listings",
                "ordering": ["-started_at", "-pk"],
                "indexes": [
                    models.Index(fields=["state", "submitted_at"], name="listing_edit_waiting")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "draft",
                                    "submitted",
                                    "returned",
                                    "published",
                                    "live",
                                    "seen",
                                    "turned_back",
                                ],
                            )
                        ),
                        name="listing_edit_state_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["draft", "submitted", "returned"])),
                        fields=("content_type", "object_id"),
                        name="listing_edit_open_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "draft"), ("submitted_at__isnull", False), _connector="OR"
                        ),
                        name="listing_edit_submitted_on",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["returned", "turned_back"]), _negated=True),
                            models.Q(("comment", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="listing_edit_answer_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Program",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("live", models.BooleanField(default=True, editable=False, verbose_name="live")),
                (
                    "has_unpublished_changes",
                    models.BooleanField(
                        default=False, editable=False, verbose_name="has unpublished changes"
                    ),
                ),
                (
                    "first_published_at",
                    models.DateTimeField(
                        blank=True, db_index=True, null=True, verbose_name="first published at"
                    ),
                ),
                (
                    "last_published_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="last published at"
                    ),
                ),
                (
                    "go_live_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="go live date/time"),
                ),
                (
                    "expire_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="expiry date/time"),
                ),
                (
                    "expired",
                    models.BooleanField(default=False, editable=False, verbose_name="expired"),
                ),
                (
                    "locked",
                    models.BooleanField(default=False, editable=False, verbose_name="locked"),
                ),
                (
                    "locked_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="locked at"),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                ("slug", models.SlugField(max_length=120, unique=True, verbose_name="address")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("unclaimed", "Unclaimed"),
                            ("claimed", "Claimed"),
                            ("verified", "Verified"),
                            ("closed", "Closed"),
                            ("merged", "Merged"),
                        ],
                        default="unclaimed",
                        max_length=12,
                        verbose_name="listing",
                    ),
                ),
                (
                    "verified_on",
                    models.DateField(blank=True, null=True, verbose_name="last confirmed on"),
                ),
                (
                    "is_example",
                    models.BooleanField(
                        default=False,
                        help_text="Invented for the demonstration; marked as such.",
                        verbose_name="example",
                    ),
                ),
                (
                    "languages",
                    models.JSONField(
                        blank=True,
                        default=startups.models.listing.default_languages,
                        verbose_name="languages",
                    ),
                ),
                (
                    "closed_on",
                    models.DateField(blank=True, null=True, verbose_name="closed or merged on"),
                ),
                (
                    "status_note_fr",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="closing or merger (French)"
                    ),
                ),
                (
                    "status_note_en",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="closing or merger (English)"
                    ),
                ),
                ("name_fr", models.CharField(max_length=200, verbose_name="name (French)")),
                (
                    "name_en",
                    models.CharField(blank=True, max_length=200, verbose_name="name (English)"),
                ),
                (
                    "summary_fr",
                    models.CharField(max_length=300, verbose_name="in one sentence (French)"),
                ),
                (
                    "summary_en",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="in one sentence (English)"
                    ),
                ),
                ("about_fr", models.TextField(verbose_name="about (French)")),
                ("about_en", models.TextField(blank=True, verbose_name="about (English)")),
                ("who_fr", models.TextField(blank=True, verbose_name="who may apply (French)")),
                ("who_en", models.TextField(blank=True, verbose_name="who may apply (English)")),
                (
                    "selection_fr",
                    models.TextField(blank=True, verbose_name="how one is chosen (French)"),
                ),
                (
                    "selection_en",
                    models.TextField(blank=True, verbose_name="how one is chosen (English)"),
                ),
                (
                    "weeks",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="length in weeks"
                    ),
                ),
                (
                    "format",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("in_person", "In person"),
                            ("hybrid", "Hybrid"),
                            ("remote", "Remote"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="format",
                    ),
                ),
                (
                    "equity_percent",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=5,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(
                                0, "A program cannot take less than nothing."
                            ),
                            django.core.validators.MaxValueValidator(
                                100, "Nobody can take more than the whole of a company."
                            ),
                        ],
                        verbose_name="equity taken (%)",
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=160, verbose_name="place")),
                (
                    "currency",
                    models.CharField(
                        choices=[("CAD", "Canadian dollar"), ("USD", "US dollar"), ("EUR", "Euro")],
                        default="CAD",
                        max_length=3,
                        verbose_name="currency",
                    ),
                ),
                (
                    "fee",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=10, null=True, verbose_name="fee"
                    ),
                ),
                (
                    "stipend",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="stipend",
                    ),
                ),
                (
                    "investment",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="investment",
                    ),
                ),
                ("applicants", models.JSONField(blank=True, default=list, verbose_name="open to")),
                (
                    "stages",
                    models.JSONField(blank=True, default=list, verbose_name="stages wanted"),
                ),
                (
                    "trl_min",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="TRL from"
                    ),
                ),
                (
                    "trl_max",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="TRL to"),
                ),
                ("sectors", models.JSONField(blank=True, default=list, verbose_name="sectors")),
                ("any_sector", models.BooleanField(default=False, verbose_name="all sectors")),
                ("offers", models.JSONField(blank=True, default=list, verbose_name="offers")),
                (
                    "incubator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="programs",
                        to="startups.incubator",
                        verbose_name="run by",
                    ),
                ),
                (
                    "latest_revision",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.revision",
                        verbose_name="latest revision",
                    ),
                ),
                (
                    "live_revision",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.revision",
                        verbose_name="live revision",
                    ),
                ),
                (
                    "locked_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="locked_%(class)ss",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="locked by",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged_from",
                        to="startups.program",
                        verbose_name="merged into",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="accounts.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "themes",
                    modelcluster.fields.ParentalManyToManyField(
                        blank=True, to="taxonomy.theme", verbose_name="themes"
                    ),
                ),
            ],
            options={
                "verbose_name": "program",
                "verbose_name_plural": "programs",
                "ordering": ["name_fr", "pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["unclaimed", "claimed", "verified", "closed", "merged"])
                        ),
                        name="program_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("slug", ""), _negated=True), name="program_has_slug"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("merged_into__isnull", True),
                            models.Q(("merged_into", models.F("pk")), _negated=True),
                            _connector="OR",
                        ),
                        name="program_not_own_heir",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("equity_percent__isnull", True),
                            ("equity_percent__range", (0, 100)),
                            _connector="OR",
                        ),
                        name="program_equity_is_a_share",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("trl_min__isnull", True),
                            ("trl_max__isnull", True),
                            models.Q(
                                ("trl_max__lte", 9),
                                ("trl_min__gte", 1),
                                ("trl_min__lte", models.F("trl_max")),
                            ),
                            _connector="OR",
                        ),
                        name="program_trl_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("fee__isnull", True), ("fee__gte", 0), _connector="OR"),
                            models.Q(
                                ("stipend__isnull", True), ("stipend__gte", 0), _connector="OR"
                            ),
                            models.Q(
                                ("investment__isnull", True),
                                ("investment__gte", 0),
                                _connector="OR",
                            ),
                        ),
                        name="program_sums_not_negative",
                    ),
                ],
            },
            bases=(core.previews.TwoLanguagePreview, modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name="Intake",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("opens_at", models.DateTimeField(blank=True, null=True, verbose_name="opens")),
                ("closes_at", models.DateTimeField(blank=True, null=True, verbose_name="closes")),
                ("is_rolling", models.BooleanField(default=False, verbose_name="rolling")),
                (
                    "repeats",
                    models.BooleanField(
                        default=False,
                        help_text="The next one is proposed, never announced.",
                        verbose_name="every year",
                    ),
                ),
                (
                    "cohort_starts_on",
                    models.DateField(blank=True, null=True, verbose_name="cohort starts"),
                ),
                (
                    "cohort_ends_on",
                    models.DateField(blank=True, null=True, verbose_name="cohort ends"),
                ),
                (
                    "places",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="places"),
                ),
                (
                    "apply_by",
                    models.CharField(
                        choices=[
                            ("here", "Here"),
                            ("web", "On their site"),
                            ("email", "By e-mail"),
                        ],
                        default="here",
                        max_length=5,
                        verbose_name="applications come",
                    ),
                ),
                ("apply_url", models.URLField(blank=True, verbose_name="address of the form")),
                (
                    "apply_email",
                    models.EmailField(
                        blank=True, max_length=254, verbose_name="address for applications"
                    ),
                ),
                (
                    "how_fr",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="how to apply (French)"
                    ),
                ),
                (
                    "how_en",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="how to apply (English)"
                    ),
                ),
                ("languages", models.JSONField(blank=True, default=list, verbose_name="languages")),
                (
                    "fee",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=10,
                        null=True,
                        verbose_name="fee to apply",
                    ),
                ),
                ("contact", models.CharField(blank=True, max_length=160, verbose_name="contact")),
                ("is_example", models.BooleanField(default=False, verbose_name="example")),
                (
                    "cancelled_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="cancelled"),
                ),
                (
                    "cancelled_reason_fr",
                    models.CharField(blank=True, max_length=300, verbose_name="why (French)"),
                ),
                (
                    "cancelled_reason_en",
                    models.CharField(blank=True, max_length=300, verbose_name="why (English)"),
                ),
                ("sequence", models.PositiveIntegerField(default=0, verbose_name="changes")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                (
                    "previous",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="next_one",
                        to="startups.intake",
                        verbose_name="follows",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="intakes",
                        to="startups.program",
                        verbose_name="program",
                    ),
                ),
            ],
            options={
                "verbose_name": "intake",
                "verbose_name_plural": "intakes",
                "ordering": ["opens_at", "pk"],
                "indexes": [models.Index(fields=["closes_at"], name="intake_closes")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_rolling", True),
                            models.Q(
                                ("closes_at__gt", models.F("opens_at")), ("opens_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="intake_dates_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cohort_starts_on__isnull", True),
                            ("cohort_ends_on__isnull", True),
                            ("cohort_ends_on__gt", models.F("cohort_starts_on")),
                            _connector="OR",
                        ),
                        name="intake_cohort_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("fee__isnull", True), ("fee__gte", 0), _connector="OR"),
                        name="intake_fee_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("apply_by", "here"),
                            models.Q(
                                ("apply_by", "web"), models.Q(("apply_url", ""), _negated=True)
                            ),
                            models.Q(
                                ("apply_by", "email"), models.Q(("apply_email", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="intake_says_where",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RememberedDouble",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("incubator", "Support organisations"),
                            ("startup", "Startups"),
                            ("program", "Programs of support organisations"),
                        ],
                        max_length=12,
                    ),
                ),
                ("identity", models.CharField(max_length=64)),
                ("target", models.PositiveBigIntegerField()),
                (
                    "choice",
                    models.CharField(
                        choices=[
                            ("update", "It is the same: update it"),
                            ("create", "It is another one: create it"),
                            ("skip", "Leave this row out"),
                        ],
                        max_length=6,
                    ),
                ),
            ],
            options={
                "verbose_name": "remembered choice",
                "verbose_name_plural": "remembered choices",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "identity", "target"), name="import_double_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("choice__in", ["update", "create", "skip"])),
                        name="import_double_choice_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Startup",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("live", models.BooleanField(default=True, editable=False, verbose_name="live")),
                (
                    "has_unpublished_changes",
                    models.BooleanField(
                        default=False, editable=False, verbose_name="has unpublished changes"
                    ),
                ),
                (
                    "first_published_at",
                    models.DateTimeField(
                        blank=True, db_index=True, null=True, verbose_name="first published at"
                    ),
                ),
                (
                    "last_published_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="last published at"
                    ),
                ),
                (
                    "go_live_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="go live date/time"),
                ),
                (
                    "expire_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="expiry date/time"),
                ),
                (
                    "expired",
                    models.BooleanField(default=False, editable=False, verbose_name="expired"),
                ),
                (
                    "locked",
                    models.BooleanField(default=False, editable=False, verbose_name="locked"),
                ),
                (
                    "locked_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="locked at"),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                ("slug", models.SlugField(max_length=120, unique=True, verbose_name="address")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("unclaimed", "Unclaimed"),
                            ("claimed", "Claimed"),
                            ("verified", "Verified"),
                            ("closed", "Closed"),
                            ("merged", "Merged"),
                        ],
                        default="unclaimed",
                        max_length=12,
                        verbose_name="listing",
                    ),
                ),
                (
                    "verified_on",
                    models.DateField(blank=True, null=True, verbose_name="last confirmed on"),
                ),
                (
                    "is_example",
                    models.BooleanField(
                        default=False,
                        help_text="Invented for the demonstration; marked as such.",
                        verbose_name="example",
                    ),
                ),
                (
                    "languages",
                    models.JSONField(
                        blank=True,
                        default=startups.models.listing.default_languages,
                        verbose_name="languages",
                    ),
                ),
                (
                    "closed_on",
                    models.DateField(blank=True, null=True, verbose_name="closed or merged on"),
                ),
                (
                    "status_note_fr",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="closing or merger (French)"
                    ),
                ),
                (
                    "status_note_en",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="closing or merger (English)"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "neq",
                    models.CharField(
                        blank=True,
                        max_length=10,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\d{10}$", "An enterprise number has ten digits."
                            )
                        ],
                        verbose_name="enterprise number (NEQ)",
                    ),
                ),
                (
                    "founded_year",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="founded in"
                    ),
                ),
                ("website", models.URLField(blank=True, verbose_name="web site")),
                (
                    "links",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="One address per line.",
                        validators=[startups.validators.validate_links],
                        verbose_name="other links",
                    ),
                ),
                (
                    "logo_alt_fr",
                    models.CharField(
                        blank=True, max_length=160, verbose_name="what the logo shows (French)"
                    ),
                ),
                (
                    "logo_alt_en",
                    models.CharField(
                        blank=True, max_length=160, verbose_name="what the logo shows (English)"
                    ),
                ),
                ("sectors", models.JSONField(blank=True, default=list, verbose_name="sectors")),
                (
                    "tagline_fr",
                    models.CharField(max_length=255, verbose_name="in one sentence (French)"),
                ),
                (
                    "tagline_en",
                    models.CharField(
                        blank=True, max_length=255, verbose_name="in one sentence (English)"
                    ),
                ),
                ("about_fr", models.TextField(verbose_name="about (French)")),
                ("about_en", models.TextField(blank=True, verbose_name="about (English)")),
                (
                    "size_band",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("1-4", "1 to 4 people"),
                            ("5-9", "5 to 9 people"),
                            ("10-24", "10 to 24 people"),
                            ("25-49", "25 to 49 people"),
                            ("50+", "50 people or more"),
                        ],
                        max_length=8,
                        verbose_name="size",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("idea", "Idea"),
                            ("prototype", "Prototype"),
                            ("pilot", "Pilot"),
                            ("growth", "Growth"),
                        ],
                        default="prototype",
                        max_length=12,
                        verbose_name="stage",
                    ),
                ),
                (
                    "funding_stage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("bootstrapped", "Self-funded"),
                            ("pre_seed", "Pre-seed"),
                            ("seed", "Seed"),
                            ("series_a", "Series A or later"),
                        ],
                        max_length=14,
                        verbose_name="funding",
                    ),
                ),
                (
                    "borough",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="taxonomy.borough",
                        verbose_name="borough",
                    ),
                ),
                (
                    "latest_revision",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.revision",
                        verbose_name="latest revision",
                    ),
                ),
                (
                    "live_revision",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.revision",
                        verbose_name="live revision",
                    ),
                ),
                (
                    "locked_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="locked_%(class)ss",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="locked by",
                    ),
                ),
                (
                    "logo",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="logo",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged_from",
                        to="startups.startup",
                        verbose_name="merged into",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="accounts.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "themes",
                    modelcluster.fields.ParentalManyToManyField(
                        blank=True, to="taxonomy.theme", verbose_name="themes"
                    ),
                ),
            ],
            options={
                "verbose_name": "startup",
                "verbose_name_plural": "startups",
                "ordering": ["name", "pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["unclaimed", "claimed", "verified", "closed", "merged"])
                        ),
                        name="startup_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("slug", ""), _negated=True), name="startup_has_slug"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("merged_into__isnull", True),
                            models.Q(("merged_into", models.F("pk")), _negated=True),
                            _connector="OR",
                        ),
                        name="startup_not_own_heir",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("founded_year__isnull", True),
                            ("founded_year__gte", 1800),
                            _connector="OR",
                        ),
                        name="startup_founded_plausible",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("logo__isnull", True),
                            models.Q(("logo_alt_fr", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="startup_logo_is_described",
                    ),
                ],
            },
            bases=(core.previews.TwoLanguagePreview, modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name="Need",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("pilot_site", "Test site"),
                            ("data", "Data"),
                            ("mentors", "Mentors"),
                            ("space", "Space"),
                            ("funding", "Funding"),
                            ("talent", "Talent"),
                            ("partners", "Partners"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("text_fr", models.CharField(max_length=300, verbose_name="in words (French)")),
                (
                    "text_en",
                    models.CharField(blank=True, max_length=300, verbose_name="in words (English)"),
                ),
                ("expires_on", models.DateField(blank=True, null=True, verbose_name="until")),
                ("met_at", models.DateTimeField(blank=True, null=True, verbose_name="taken down")),
                (
                    "closed_reason",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="why a moderator closed it"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                (
                    "startup",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="needs",
                        to="startups.startup",
                        verbose_name="startup",
                    ),
                ),
            ],
            options={
                "verbose_name": "need",
                "verbose_name_plural": "needs",
                "ordering": ["-created_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "pilot_site",
                                    "data",
                                    "mentors",
                                    "space",
                                    "funding",
                                    "talent",
                                    "partners",
                                ],
                            )
                        ),
                        name="need_kind_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Interest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("seen", "Seen"),
                            ("talking", "Talking"),
                            ("invited", "Invited"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="new",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "waits_for",
                    models.CharField(blank=True, max_length=8, verbose_name="to be read by"),
                ),
                ("word", models.TextField(blank=True, verbose_name="a word")),
                ("frozen", models.JSONField(verbose_name="profile as sent")),
                (
                    "fingerprint",
                    models.CharField(max_length=64, verbose_name="fingerprint (SHA-256)"),
                ),
                ("declined_reason", models.TextField(blank=True, verbose_name="why declined")),
                ("sent_at", models.DateTimeField(verbose_name="sent")),
                ("moved_at", models.DateTimeField(verbose_name="last change")),
                (
                    "intake",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interests",
                        to="startups.intake",
                        verbose_name="intake",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interests",
                        to="accounts.organisation",
                        verbose_name="sent by",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "startup",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interests",
                        to="startups.startup",
                        verbose_name="startup",
                    ),
                ),
            ],
            options={
                "verbose_name": "interest",
                "verbose_name_plural": "interests",
                "ordering": ["-sent_at", "-pk"],
                "indexes": [models.Index(fields=["intake", "state"], name="interest_by_intake")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["new", "seen", "talking", "invited", "declined", "withdrawn"],
                            )
                        ),
                        name="interest_state_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "withdrawn"), _negated=True),
                        fields=("intake", "startup"),
                        name="interest_one_standing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "declined"), _negated=True),
                            models.Q(("declined_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="interest_declined_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("waits_for__in", ["", "startup", "program"])),
                        name="interest_waits_for_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("fingerprint", ""), _negated=True),
                        name="interest_is_frozen",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InterestWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[("startup", "The startup"), ("program", "The program")],
                        max_length=8,
                        verbose_name="said by",
                    ),
                ),
                ("text", models.TextField(verbose_name="words")),
                ("at", models.DateTimeField(verbose_name="said")),
                (
                    "interest",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="words",
                        to="startups.interest",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "word on an interest",
                "verbose_name_plural": "words on interests",
                "ordering": ["at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("side__in", ["startup", "program"])),
                        name="interest_word_side_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="interest_word_says_something",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Solution",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("live", models.BooleanField(default=True, editable=False, verbose_name="live")),
                (
                    "has_unpublished_changes",
                    models.BooleanField(
                        default=False, editable=False, verbose_name="has unpublished changes"
                    ),
                ),
                (
                    "first_published_at",
                    models.DateTimeField(
                        blank=True, db_index=True, null=True, verbose_name="first published at"
                    ),
                ),
                (
                    "last_published_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="last published at"
                    ),
                ),
                (
                    "go_live_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="go live date/time"),
                ),
                (
                    "expire_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="expiry date/time"),
                ),
                (
                    "expired",
                    models.BooleanField(default=False, editable=False, verbose_name="expired"),
                ),
                (
                    "locked",
                    models.BooleanField(default=False, editable=False, verbose_name="locked"),
                ),
                (
                    "locked_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="locked at"),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                ("slug", models.SlugField(max_length=120, unique=True, verbose_name="address")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("unclaimed", "Unclaimed"),
                            ("claimed", "Claimed"),
                            ("verified", "Verified"),
                            ("closed", "Closed"),
                            ("merged", "Merged"),
                        ],
                        default="unclaimed",
                        max_length=12,
                        verbose_name="listing",
                    ),
                ),
                (
                    "verified_on",
                    models.DateField(blank=True, null=True, verbose_name="last confirmed on"),
                ),
                (
                    "is_example",
                    models.BooleanField(
                        default=False,
                        help_text="Invented for the demonstration; marked as such.",
                        verbose_name="example",
                    ),
                ),
                (
                    "languages",
                    models.JSONField(
                        blank=True,
                        default=startups.models.listing.default_languages,
                        verbose_name="languages",
                    ),
                ),
                (
                    "closed_on",
                    models.DateField(blank=True, null=True, verbose_name="closed or merged on"),
                ),
                (
                    "status_note_fr",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="closing or merger (French)"
                    ),
                ),
                (
                    "status_note_en",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="closing or merger (English)"
                    ),
                ),
                ("name_fr", models.CharField(max_length=160, verbose_name="name (French)")),
                (
                    "name_en",
                    models.CharField(blank=True, max_length=160, verbose_name="name (English)"),
                ),
                ("problem_fr", models.TextField(verbose_name="problem solved (French)")),
                (
                    "problem_en",
                    models.TextField(blank=True, verbose_name="problem solved (English)"),
                ),
                ("how_fr", models.TextField(verbose_name="how it works (French)")),
                ("how_en", models.TextField(blank=True, verbose_name="how it works (English)")),
                (
                    "trl",
                    models.PositiveSmallIntegerField(
                        help_text="Technology readiness level, 1 to 9.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(9),
                        ],
                        verbose_name="maturity (TRL)",
                    ),
                ),
                (
                    "trl_evidence_fr",
                    models.TextField(blank=True, verbose_name="evidence of maturity (French)"),
                ),
                (
                    "trl_evidence_en",
                    models.TextField(blank=True, verbose_name="evidence of maturity (English)"),
                ),
                (
                    "ip_fr",
                    models.CharField(
                        blank=True, max_length=255, verbose_name="intellectual property (French)"
                    ),
                ),
                (
                    "ip_en",
                    models.CharField(
                        blank=True, max_length=255, verbose_name="intellectual property (English)"
                    ),
                ),
                ("sees_people", models.BooleanField(default=False, verbose_name="sees people")),
                ("privacy_fr", models.TextField(blank=True, verbose_name="privacy (French)")),
                ("privacy_en", models.TextField(blank=True, verbose_name="privacy (English)")),
                (
                    "site_needs_fr",
                    models.TextField(blank=True, verbose_name="needs on site (French)"),
                ),
                (
                    "site_needs_en",
                    models.TextField(blank=True, verbose_name="needs on site (English)"),
                ),
                (
                    "site_power",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("none", "None"),
                            ("own", "Battery or solar, its own"),
                            ("mains", "Mains"),
                        ],
                        max_length=8,
                        verbose_name="power",
                    ),
                ),
                (
                    "site_network",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("none", "None"),
                            ("cellular", "Cellular, its own"),
                            ("radio", "Long-range radio"),
                            ("wifi", "Wi-Fi of the place"),
                            ("wired", "Wired"),
                        ],
                        max_length=8,
                        verbose_name="network",
                    ),
                ),
                (
                    "site_mounting",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("none", "Nothing"),
                            ("ground", "The ground"),
                            ("pole", "A pole"),
                            ("wall", "A wall"),
                            ("roof", "A roof"),
                            ("vehicle", "A vehicle"),
                        ],
                        max_length=8,
                        verbose_name="mounting",
                    ),
                ),
                (
                    "site_area",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=8,
                        null=True,
                        verbose_name="area (m²)",
                    ),
                ),
                (
                    "price_fr",
                    models.CharField(
                        blank=True, max_length=160, verbose_name="price range (French)"
                    ),
                ),
                (
                    "price_en",
                    models.CharField(
                        blank=True, max_length=160, verbose_name="price range (English)"
                    ),
                ),
                (
                    "certifications",
                    models.CharField(blank=True, max_length=255, verbose_name="certifications"),
                ),
                (
                    "latest_revision",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.revision",
                        verbose_name="latest revision",
                    ),
                ),
                (
                    "live_revision",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.revision",
                        verbose_name="live revision",
                    ),
                ),
                (
                    "locked_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="locked_%(class)ss",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="locked by",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged_from",
                        to="startups.solution",
                        verbose_name="merged into",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="accounts.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "themes",
                    modelcluster.fields.ParentalManyToManyField(
                        blank=True, to="taxonomy.theme", verbose_name="themes"
                    ),
                ),
                (
                    "startup",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="solutions",
                        to="startups.startup",
                        verbose_name="startup",
                    ),
                ),
            ],
            options={
                "verbose_name": "solution",
                "verbose_name_plural": "solutions",
                "ordering": ["name_fr", "pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["unclaimed", "claimed", "verified", "closed", "merged"])
                        ),
                        name="solution_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("slug", ""), _negated=True), name="solution_has_slug"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("merged_into__isnull", True),
                            models.Q(("merged_into", models.F("pk")), _negated=True),
                            _connector="OR",
                        ),
                        name="solution_not_own_heir",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("trl__range", (1, 9))), name="solution_trl_in_scale"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("site_area__isnull", True), ("site_area__gte", 0), _connector="OR"
                        ),
                        name="solution_area_not_negative",
                    ),
                ],
            },
            bases=(core.previews.TwoLanguagePreview, modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name="Deployment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                ("place", models.CharField(max_length=160, verbose_name="place")),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                (
                    "month",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(12),
                        ],
                        verbose_name="month",
                    ),
                ),
                (
                    "has_contact",
                    models.BooleanField(
                        default=False,
                        help_text="Whoever asks is put in touch by you: no name is published.",
                        verbose_name="contact on request",
                    ),
                ),
                (
                    "result_fr",
                    models.CharField(blank=True, max_length=300, verbose_name="result (French)"),
                ),
                (
                    "result_en",
                    models.CharField(blank=True, max_length=300, verbose_name="result (English)"),
                ),
                (
                    "solution",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deployments",
                        to="startups.solution",
                    ),
                ),
            ],
            options={
                "verbose_name": "deployment",
                "verbose_name_plural": "deployments",
                "ordering": ["sort_order"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("year__gte", 1950)), name="deployment_year_plausible"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("month__isnull", True), ("month__range", (1, 12)), _connector="OR"
                        ),
                        name="deployment_month_of_year",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Relay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("about_fr", models.CharField(max_length=400, verbose_name="about (French)")),
                ("about_en", models.CharField(max_length=400, verbose_name="about (English)")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("closed", "Closed")],
                        default="open",
                        max_length=6,
                        verbose_name="state",
                    ),
                ),
                (
                    "waits_for",
                    models.CharField(blank=True, max_length=7, verbose_name="to be read by"),
                ),
                ("began_at", models.DateTimeField(verbose_name="began")),
                ("moved_at", models.DateTimeField(verbose_name="last change")),
                (
                    "reported_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="reported"),
                ),
                (
                    "reported_by",
                    models.CharField(blank=True, max_length=7, verbose_name="reported by"),
                ),
                ("report", models.TextField(blank=True, verbose_name="what is wrong")),
                ("closed_reason", models.TextField(blank=True, verbose_name="why closed")),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "deployment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="relays",
                        to="startups.deployment",
                        verbose_name="deployment",
                    ),
                ),
                (
                    "need",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="relays",
                        to="startups.need",
                        verbose_name="need",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="relays",
                        to="accounts.organisation",
                        verbose_name="in the name of",
                    ),
                ),
                (
                    "startup",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="relays",
                        to="startups.startup",
                        verbose_name="startup",
                    ),
                ),
            ],
            options={
                "verbose_name": "relayed conversation",
                "verbose_name_plural": "relayed conversations",
                "ordering": ["-moved_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "closed"])),
                        name="relay_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("need__isnull", True), ("deployment__isnull", True), _connector="OR"
                        ),
                        name="relay_about_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "closed"), _negated=True),
                            models.Q(("closed_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="relay_closed_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("waits_for__in", ["", "startup", "writer"])),
                        name="relay_waits_for_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reported_at__isnull", True),
                            ("reported_by__in", ["startup", "writer"]),
                            _connector="OR",
                        ),
                        name="relay_reported_by_a_side",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("author__isnull", False), ("need__isnull", False)),
                        fields=("need", "author"),
                        name="relay_once_a_need",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("author__isnull", False), ("deployment__isnull", False)
                        ),
                        fields=("deployment", "author"),
                        name="relay_once_a_deployment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RelayWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[("startup", "The startup"), ("writer", "Who wrote first")],
                        max_length=7,
                        verbose_name="said by",
                    ),
                ),
                ("text", models.TextField(verbose_name="words")),
                ("at", models.DateTimeField(verbose_name="said")),
                (
                    "relay",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="words",
                        to="startups.relay",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "relayed word",
                "verbose_name_plural": "relayed words",
                "ordering": ["at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("side__in", ["startup", "writer"])),
                        name="relay_word_side_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="relay_word_says_something",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SolutionFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                (
                    "caption_fr",
                    models.CharField(max_length=200, verbose_name="what it shows (French)"),
                ),
                (
                    "caption_en",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="what it shows (English)"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="file",
                    ),
                ),
                (
                    "solution",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="startups.solution",
                    ),
                ),
            ],
            options={
                "verbose_name": "picture or document",
                "verbose_name_plural": "pictures and documents",
                "ordering": ["sort_order"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("caption_fr", ""), _negated=True),
                        name="solution_file_is_described",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("field", models.CharField(max_length=60, verbose_name="field")),
                ("before", models.JSONField(null=True, verbose_name="what it said")),
                ("value", models.TextField(max_length=20000, verbose_name="what it should say")),
                ("source", models.CharField(max_length=500, verbose_name="source")),
                (
                    "language",
                    models.CharField(
                        choices=[("fr", "Français"), ("en", "English")],
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                (
                    "email",
                    models.EmailField(
                        blank=True, max_length=254, verbose_name="address for thanks"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Waiting for an answer"),
                            ("accepted", "Accepted"),
                            ("refused", "Refused"),
                        ],
                        default="pending",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("proposed_at", models.DateTimeField(verbose_name="proposed")),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="settled")),
                ("reason", models.TextField(blank=True, max_length=500, verbose_name="reason")),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incubator",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="corrections",
                        to="startups.incubator",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="corrections",
                        to="startups.program",
                    ),
                ),
                (
                    "solution",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="corrections",
                        to="startups.solution",
                    ),
                ),
                (
                    "startup",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="corrections",
                        to="startups.startup",
                    ),
                ),
            ],
            options={
                "verbose_name": "correction",
                "verbose_name_plural": "corrections",
                "ordering": ["proposed_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["pending", "accepted", "refused"])),
                        name="correction_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("incubator__isnull", True),
                                ("program__isnull", True),
                                ("solution__isnull", True),
                                ("startup__isnull", False),
                            ),
                            models.Q(
                                ("incubator__isnull", True),
                                ("program__isnull", True),
                                ("solution__isnull", False),
                                ("startup__isnull", True),
                            ),
                            models.Q(
                                ("incubator__isnull", False),
                                ("program__isnull", True),
                                ("solution__isnull", True),
                                ("startup__isnull", True),
                            ),
                            models.Q(
                                ("incubator__isnull", True),
                                ("program__isnull", False),
                                ("solution__isnull", True),
                                ("startup__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="correction_of_one_listing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["fr", "en"])),
                        name="correction_language",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        name="correction_has_a_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at__isnull", True), ("state", "pending")),
                            models.Q(
                                models.Q(("state", "pending"), _negated=True),
                                ("settled_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="correction_settled_has_instant",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "refused"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="correction_refused_has_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("address", "Address on the organisation’s domain"),
                            ("document", "Document"),
                        ],
                        max_length=8,
                        verbose_name="proof",
                    ),
                ),
                (
                    "email",
                    models.EmailField(
                        blank=True, max_length=254, verbose_name="address that proves it"
                    ),
                ),
                ("message", models.TextField(blank=True, max_length=1000, verbose_name="word")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Waiting for the city’s answer"),
                            ("accepted", "Accepted"),
                            ("refused", "Refused"),
                            ("withdrawn", "Taken back"),
                        ],
                        default="pending",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="asked")),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="settled")),
                (
                    "reason_fr",
                    models.TextField(blank=True, max_length=1000, verbose_name="reasons (French)"),
                ),
                (
                    "reason_en",
                    models.TextField(blank=True, max_length=1000, verbose_name="reasons (English)"),
                ),
                (
                    "claimant",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="claims",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="claimed by",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="document",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="accounts.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incubator",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="startups.incubator",
                    ),
                ),
                (
                    "startup",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="startups.startup",
                    ),
                ),
            ],
            options={
                "verbose_name": "claim",
                "verbose_name_plural": "claims",
                "ordering": ["asked_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["pending", "accepted", "refused", "withdrawn"])
                        ),
                        name="claim_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("way__in", ["address", "document"])),
                        name="claim_way_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("incubator__isnull", True), ("startup__isnull", False)),
                            models.Q(("incubator__isnull", False), ("startup__isnull", True)),
                            _connector="OR",
                        ),
                        name="claim_of_one_listing",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "pending")),
                        fields=("startup", "organisation"),
                        name="claim_one_pending_startup",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "pending")),
                        fields=("incubator", "organisation"),
                        name="claim_one_pending_incubator",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at__isnull", True), ("state", "pending")),
                            models.Q(
                                models.Q(("state", "pending"), _negated=True),
                                ("settled_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="claim_settled_has_instant",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("way", "document"), _negated=True),
                            ("document__isnull", False),
                            _connector="OR",
                        ),
                        name="claim_by_document_has_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "refused"), _negated=True),
                            models.Q(("reason_fr", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="claim_refused_has_reasons",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AlumniTie",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="year of the cohort"
                    ),
                ),
                (
                    "startup_said_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="said by the startup"),
                ),
                (
                    "program_said_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="said by the program"),
                ),
                ("refused_at", models.DateTimeField(blank=True, null=True, verbose_name="refused")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alumni",
                        to="startups.program",
                        verbose_name="program",
                    ),
                ),
                (
                    "startup",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alumni_ties",
                        to="startups.startup",
                        verbose_name="startup",
                    ),
                ),
            ],
            options={
                "verbose_name": "alumni tie",
                "verbose_name_plural": "alumni ties",
                "ordering": ["-year", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("program", "startup"), name="alumni_tie_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("startup_said_at__isnull", False),
                            ("program_said_at__isnull", False),
                            _connector="OR",
                        ),
                        name="alumni_tie_said_by_someone",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StartupPerson",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                ("role_fr", models.CharField(max_length=120, verbose_name="role (French)")),
                (
                    "role_en",
                    models.CharField(blank=True, max_length=120, verbose_name="role (English)"),
                ),
                (
                    "email",
                    models.EmailField(
                        blank=True,
                        help_text="An address of the organisation, which anyone may read.",
                        max_length=254,
                        validators=[startups.validators.validate_public_address],
                        verbose_name="public address",
                    ),
                ),
                (
                    "startup",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="people",
                        to="startups.startup",
                    ),
                ),
            ],
            options={
                "verbose_name": "person",
                "verbose_name_plural": "people",
                "ordering": ["sort_order"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("role_fr", ""), _negated=True),
                        name="startupperson_has_a_role",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WeeklyViews",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20, verbose_name="kind")),
                ("listing_pk", models.PositiveBigIntegerField(verbose_name="listing")),
                ("week", models.DateField(verbose_name="week")),
                ("n", models.PositiveIntegerField(verbose_name="views")),
            ],
            options={
                "verbose_name": "views of a week",
                "verbose_name_plural": "views by week",
                "ordering": ["week", "kind", "listing_pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "listing_pk", "week"), name="weekly_views_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("n__gt", 0)), name="weekly_views_some"
                    ),
                ],
            },
        ),
    ]
