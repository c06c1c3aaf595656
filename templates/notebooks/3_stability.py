# %% [markdown]
# # How long the segments hold
#
# A model is frozen at a date and compared, on the customers of each later date, with a model fitted
# anew. As long as the two agree, the old one may be trusted. This notebook shows how they agree
# over time, against what chance alone would do, and what that says of a refresh.
#
# All of it comes from the findings of the run: nothing is computed here, and the source is not
# needed.

# %% language
language = "en"

# %% open
from report.notebook_tables import ages_table, drift_table
from report.opened_run import open_run
from report.pictures.stability import (
    draw_ageing,
    draw_agreement,
    draw_designs,
    draw_drift,
    draw_series,
)
from report.shown import show_part, show_table

run = open_run(language)

# %% [markdown]
# ## The design
#
# The same preparation is used by a model when it is fitted and whenever it gives a segment later.

# %% design
show_part(run.context.stability, ("design",), run.wording)

# %% [markdown]
# ## The timeline
#
# The band is the range over the starting dates; the dotted line is the lowest agreement when dates
# of purchase are dealt at random, so that nothing can change.

# %% timeline
show_part(run.context.stability, ("sentence", "chosen", "agreement", "placebo"), run.wording)

# %% uncertainty
show_part(run.context.stability, ("uncertainty",), run.wording)

# %% ages
show_table(ages_table(run.look("stability", "chosen"), run), run.wording)

# %% [markdown]
# ## Model by model
#
# A row is a model, a column the date of the refit it is compared with. A dark column would be a
# month in which every model stops holding; a row that darkens is a model that ages. The darkest
# shade is the alarm's, or what is lower still.

# %% agreement
draw_agreement(run.look("stability", "chosen"), run)

# %% [markdown]
# ## Segment by segment

# %% ageing
draw_ageing(run.look("stability", "ageing"), run)

# %% mix
show_part(
    run.part("stability", "ageing"),
    ("segments_sentence", "changes_sentence", "changes"),
    run.wording,
)

# %% moves
show_part(
    run.part("stability", "ageing"),
    ("migration_sentence", "leavers_sentence", "migration"),
    run.wording,
)

# %% [markdown]
# ## The other family, and other designs
#
# The same question can be put in other ways, and gives other answers on the same data: customers
# who only accumulate, or recency counted in days without a window, grow apart from their model
# because they get older, not because they change.

# %% other
show_part(run.context.stability, ("other_sentence", "other", "families"), run.wording)

# %% designs
draw_designs(run.look("stability", "designs"), run)

# %% faults
show_part(run.part("stability", "designs"), ("sentence", "faults", "cost"), run.wording)

# %% [markdown]
# ## What changes in the data
#
# Groups of new orders against the orders of the reference, feature by feature. With so many orders
# nearly any difference is certain: one is framed only where it is also large.

# %% drift
draw_drift(run.look("drift"), run)

# %% tests
show_table(drift_table(run.look("drift"), run), run.wording)

# %% series
draw_series(run.look("drift"), run)

# %% changes
show_part(run.context.drift, ("sentence", "change_points", "classifier", "verdict"), run.wording)

# %% [markdown]
# ## Two clocks
#
# Customers move between segments under an unchanged model: that is the clock for giving segments
# anew. The model itself ages more slowly: that is the clock for fitting it again.

# %% rescoring
show_part(run.context.stability, ("rescoring_sentence", "rescoring"), run.wording)

# %% refresh
show_part(run.context.refresh, ("recommendation", "reason", "clocks"), run.wording)
