"""Addresses below an activity's token."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from lti_tool.views.connection import ConnectionView
from lti_tool.views.leaving import LeaveView
from lti_tool.views.next_page import NextPageView
from lti_tool.views.time_zone import TimeZoneView
from worksheets.views import drafts, home, jobs
from worksheets.views.authoring import (
    assigning,
    class_corrections,
    copying,
    deep_linking,
    editor,
    keying,
    library,
    library_files,
    marking_up,
    pictures,
    review,
    sharing,
    versions,
    watching,
)
from worksheets.views.pupil import filling, result, together
from worksheets.views.teacher import (
    answers,
    attempt,
    by_question,
    class_feedback,
    class_news,
    class_page,
    entered,
    live_answers,
    my_marking,
    paper_marks,
    partners,
    printing,
    pupil_dates,
    releasing,
    reopening,
    rubric,
    scores,
    second_sheet,
    selected,
    tables,
)


class PictureNameConverter(StringConverter):
    """A converter for names that ``pictures.picture_name`` makes; others cost no query."""

    regex = "[A-Za-z0-9._-]{1,100}"


register_converter(PictureNameConverter, "picture_name")

urlpatterns = [
    path("", home.HomeView.as_view(), name="home"),
    # the pupil
    path("answers/", filling.SaveView.as_view(), name="answers"),
    path("submit/", filling.SubmitView.as_view(), name="submit"),
    path("partners/", together.PartnersView.as_view(), name="partners"),
    path("together/<int:number>/", together.SharedWorkView.as_view(), name="shared-work"),
    path("receipt/", result.ScoreStatusView.as_view(), name="score-status"),
    path("attempts/again/", result.TryAgainView.as_view(), name="try-again"),
    path("attempts/<int:number>/", result.OwnAttemptView.as_view(), name="own-attempt"),
    path("attempts/<int:number>/take-back/", result.TakeBackView.as_view(), name="take-back"),
    path(
        "pictures/<int:worksheet>/<picture_name:name>",
        pictures.PictureView.as_view(),
        name="picture",
    ),
    # the teacher, of a class
    path("class/", class_page.ClassView.as_view(), name="class"),
    path("class/roster/", class_page.RosterView.as_view(), name="roster"),
    path("class/news/", class_news.NewsView.as_view(), name="class-news"),
    path("class/scores/", class_page.ScoresView.as_view(), name="class-scores"),
    path("class/files/", tables.TablesView.as_view(), name="tables"),
    path("class/files/marks/", tables.MarksFileView.as_view(), name="marks-file"),
    path("class/files/<str:table>.<str:form>", tables.TableFileView.as_view(), name="table"),
    path("class/print/blank/", printing.PrintBlankView.as_view(), name="print-blank"),
    path("class/print/answers/", printing.PrintKeyView.as_view(), name="print-key"),
    path("class/print/marked/", printing.PrintMarkedView.as_view(), name="print-marked"),
    path("class/<int:number>/print/", printing.PrintAttemptView.as_view(), name="print-attempt"),
    path("class/partners/<int:number>/out/", partners.TakeOutView.as_view(), name="take-out"),
    path("class/entered/<int:number>/", entered.EnteredView.as_view(), name="entered"),
    path("class/paper/", paper_marks.PaperMarksView.as_view(), name="paper-marks"),
    path("class/release/", releasing.ReleaseAllView.as_view(), name="release-all"),
    path("class/selected/", selected.SelectedView.as_view(), name="selected"),
    path("class/dates/", pupil_dates.AllDatesView.as_view(), name="pupil-dates"),
    path("class/dates/<int:number>/", pupil_dates.OneDatesView.as_view(), name="pupil-dates-one"),
    path(
        "class/dates/<int:number>/take-back/",
        pupil_dates.TakeBackDatesView.as_view(),
        name="pupil-dates-take-back",
    ),
    path("class/answers/", answers.AnswersView.as_view(), name="class-answers"),
    path("class/answers/live/", live_answers.LiveAnswersView.as_view(), name="class-answers-live"),
    path(
        "class/answers/projector/",
        live_answers.ProjectorView.as_view(),
        name="class-answers-projector",
    ),
    path("class/second-sheet/", second_sheet.SecondSheetView.as_view(), name="second-sheet"),
    path("class/answers/<str:item>/", answers.GapAnswerView.as_view(), name="class-answer"),
    path("class/corrections/<int:number>/", answers.CorrectionView.as_view(), name="correction"),
    path("class/feedback/", class_feedback.ClassFeedbackView.as_view(), name="class-feedback"),
    path(
        "class/feedback/projector/",
        class_feedback.FeedbackProjectorView.as_view(),
        name="feedback-projector",
    ),
    path(
        "class/feedback/print/",
        class_feedback.PrintFeedbackView.as_view(),
        name="print-feedback",
    ),
    path("class/mark/", by_question.MarkingView.as_view(), name="mark"),
    path("class/mark/<str:item>/", by_question.MarkQuestionView.as_view(), name="mark-question"),
    path("class/mark/<str:item>/rubric/", rubric.RubricView.as_view(), name="rubric"),
    # the teacher, of all classes
    path("marking/", my_marking.MyMarkingView.as_view(), name="my-marking"),
    path(
        "marking/<int:number>/feedback/",
        class_feedback.ClassFeedbackView.as_view(),
        name="class-feedback-there",
    ),
    path("marking/<int:number>/", by_question.MarkingView.as_view(), name="mark-there"),
    path(
        "marking/<int:number>/<str:item>/",
        by_question.MarkQuestionView.as_view(),
        name="mark-question-there",
    ),
    path(
        "marking/<int:number>/<str:item>/rubric/",
        rubric.RubricView.as_view(),
        name="rubric-there",
    ),
    # the teacher, of one pupil
    path("class/<int:number>/", attempt.AttemptView.as_view(), name="attempt"),
    path("class/<int:number>/release/", releasing.ReleaseView.as_view(), name="release"),
    path("class/<int:number>/reopen/", reopening.ReopenView.as_view(), name="reopen"),
    path(
        "class/<int:number>/take-back/",
        releasing.TakeBackReleaseView.as_view(),
        name="take-back-release",
    ),
    path("class/<int:number>/submit/", attempt.SubmitForView.as_view(), name="submit-for"),
    path("class/send-again/", scores.SendAllAgainView.as_view(), name="send-all-again"),
    path("class/grades/", scores.DecideAllView.as_view(), name="decide-all"),
    path("class/grades/anew/", scores.DecideAnewView.as_view(), name="decide-anew"),
    path("class/<int:number>/send-again/", scores.SendAgainView.as_view(), name="send-again"),
    path(
        "class/<int:number>/keep-theirs/",
        scores.AcceptLmsGradeView.as_view(),
        name="accept-lms-grade",
    ),
    path("class/<int:number>/send-ours/", scores.OverwriteView.as_view(), name="overwrite"),
    # the teacher, of worksheets
    path("worksheets/", library.LibraryView.as_view(), name="library"),
    path("worksheets/<int:number>/", editor.EditView.as_view(), name="edit"),
    path("worksheets/<int:number>/answers/", keying.KeysView.as_view(), name="keys"),
    path("worksheets/<int:number>/preview/", editor.PreviewView.as_view(), name="preview"),
    path("worksheets/<int:number>/mark-up/", marking_up.MarkUpView.as_view(), name="mark-up"),
    path("worksheets/<int:number>/watch/", watching.WatchView.as_view(), name="watch"),
    path("worksheets/<int:number>/versions/", versions.VersionsView.as_view(), name="versions"),
    path(
        "worksheets/<int:number>/from-classes/",
        class_corrections.ClassCorrectionsView.as_view(),
        name="class-corrections",
    ),
    path("worksheets/<int:number>/review/", review.ReviewView.as_view(), name="review"),
    path("worksheets/<int:number>/paper/", review.PaperFileView.as_view(), name="paper-file"),
    path(
        "worksheets/<int:number>/paper/<int:page>/",
        review.PaperPageView.as_view(),
        name="paper-page",
    ),
    path("worksheets/<int:number>/try/", editor.TryView.as_view(), name="try"),
    path("worksheets/<int:number>/copy/", library.CopyView.as_view(), name="copy"),
    path("worksheets/<int:number>/archive/", library.ArchiveView.as_view(), name="archive"),
    path("worksheets/<int:number>/share/", sharing.ShareView.as_view(), name="share"),
    path("worksheets/save/", library_files.SaveAsFileView.as_view(), name="save-as-file"),
    path("worksheets/file/", library_files.IncomingView.as_view(), name="incoming"),
    path("worksheets/<int:number>/delete/", library.DeleteView.as_view(), name="delete"),
    path("worksheets/<int:number>/pictures/", pictures.AddPictureView.as_view(), name="pictures"),
    path(
        "worksheets/<int:number>/pictures/<picture_name:name>/remove/",
        pictures.RemovePictureView.as_view(),
        name="remove-picture",
    ),
    path("worksheets/<int:number>/look/", deep_linking.PublishedView.as_view(), name="published"),
    path("pick/", deep_linking.SelectView.as_view(), name="select"),
    path("editions/<int:number>/place/", assigning.AssignView.as_view(), name="assign"),
    path("copy/", copying.AskForCopyView.as_view(), name="ask-for-copy"),
    path("copies/<int:number>/", copying.AnswerCopyView.as_view(), name="answer-copy"),
    path("drafts/<str:page>/<int:number>/", drafts.DraftView.as_view(), name="draft"),
    path("time-zone/", TimeZoneView.as_view(), name="time-zone"),
    path("next/", NextPageView.as_view(), name="next-page"),
    path("leave/", LeaveView.as_view(), name="leave"),
    path("jobs/<int:number>/", jobs.JobView.as_view(), name="job"),
    # the LMS's administrator
    path("connection/", ConnectionView.as_view(), name="connection"),
]
