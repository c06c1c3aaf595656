# %% [markdown]
# # What was tried, and what was chosen
#
# Every algorithm, in two families, with its settings, went through the same gates in order. This
# notebook shows what each one reached, what the chosen segmentation looks like, and what each
# algorithm costs in time.
#
# It computes nothing by itself: the trials are in the findings of the run, and the cells below ask
# the analysis for the rest.

# %% language
language = "en"

# %% open
from analysis.earlier_measurements import compare_with_partial
from analysis.exploration import contrast_segments, profile_silhouettes, project_customers
from report.notebook_tables import cost_table, earlier_table, shape_table
from report.opened_run import open_run
from report.pictures.exploration import draw_projection
from report.pictures.trials import (
    draw_costs,
    draw_jaccards,
    draw_parallel,
    draw_profiles,
    draw_silhouettes,
)
from report.shown import show_part, show_table

run = open_run(language)

# %% [markdown]
# ## The gates
#
# A candidate is first asked whether it can be used at all, then whether it tells good customers
# from less good ones, and only then how well it scores. A figure beyond the gate where a candidate
# stopped was not measured.

# %% rule
show_part(run.context.candidates, ("sentence", "rule"), run.wording)

# %% gates
show_part(run.context.candidates, ("gates",), run.wording)

# %% best
show_part(run.context.candidates, ("table",), run.wording)

# %% [markdown]
# ## The scorecard
#
# Those that met the gates are compared by points. Random weightings say how much the choice owes to
# the weights.

# %% scorecard
show_part(run.context.candidates, ("scorecard", "verdicts"), run.wording)

# %% [markdown]
# ## How many segments
#
# What the data prefer and what the business can use are two questions. Both answers stand here,
# side by side, with the figures behind them.

# %% numbers
show_part(run.context.evidence, ("numbers", "number_sentence"), run.wording)

# %% [markdown]
# ## How stable the segments are at the start
#
# Customers were drawn again many times and the algorithm fitted each time. A bar says how much of a
# segment is found again, the dashed line what is asked of each. Below, every candidate that came as
# far as this: how alike its fits are, and the shape of its segments.

# %% jaccards
draw_jaccards(run.findings.candidates, run)

# %% shapes
show_table(shape_table(run.findings.candidates, run), run.wording)

# %% [markdown]
# ## How well separated they are
#
# The silhouette compares a customer's own segment with the next one. Wide blades that end far to
# the right are compact segments; what lies left of nought would be as well placed elsewhere. The
# report compares the mean with that of shuffled columns before it speaks of groups.

# %% silhouettes
draw_silhouettes(run.ask(profile_silhouettes), run)

# %% structure
show_part(run.context.segmentation, ("method", "structure"), run.wording)

# %% projection
draw_projection(run.ask(project_customers), run)

# %% [markdown]
# ## What the segments are
#
# Each segment's mean against everybody's, in deviations of everybody: red is above, blue is below.
# The lines show the same, so that crossings stand out.

# %% profiles
draw_profiles(run.ask(contrast_segments), run)

# %% parallel
draw_parallel(run.ask(contrast_segments), run)

# %% overview
show_part(run.context.segmentation, ("overview", "buying_again"), run.wording)

# %% [markdown]
# ## What each algorithm costs
#
# The run kept in its manifest how long each candidate took to train, and how long to give everybody
# a segment. These are seconds of that run and of its machine: they say which algorithms are dear,
# not what they take elsewhere. Those that cannot take every customer see a sample, and labels are
# carried on to the others.

# %% costs
draw_costs(run.costs, run)

# %% seconds
show_table(cost_table(run.costs, run), run.wording)

# %% [markdown]
# ## Every candidate
#
# Each partition that was tried, the gate where it stopped, and why.

# %% everything
show_part(run.context.candidates, ("everything",), run.wording)

# %% [markdown]
# ## Against what was measured before
#
# The method was worked out on a partial table. Its figures stand beside those of the same
# partitions here, and the note says why they differ.

# %% earlier
show_table(earlier_table(compare_with_partial(run.findings), run), run.wording)
