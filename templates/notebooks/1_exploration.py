# %% [markdown]
# # What the data are
#
# This notebook looks at the shop's data before any customer is put in a segment: what was read,
# what is missing, how the features are distributed and how they hang together.
#
# It computes nothing by itself: every cell asks the analysis a question and shows the answer. It
# runs again from its place in the output folder, with the program installed and the source beside
# that folder.

# %% language
language = "en"

# %% open
from analysis.exploration import (
    correlate_features,
    count_missing,
    count_values,
    project_customers,
    summarise_features,
)
from report.notebook_tables import feature_table
from report.opened_run import open_run
from report.pictures.exploration import (
    draw_correlations,
    draw_distributions,
    draw_missing,
    draw_projection,
)
from report.shown import show_part, show_table, show_texts

run = open_run(language)

# %% [markdown]
# ## What was read
#
# The tables of the source, as the documents name them. Customers are persons: an order's own
# customer number is another one at each order.

# %% source
show_table(run.context.source, run.wording)

# %% customers
show_table(run.context.customers.table, run.wording)

# %% who
show_texts((run.context.customers.sentence, run.context.customers.imputed), run.wording)

# %% [markdown]
# ## What is missing
#
# A value that is not there stays unknown: no zero and no average stands for it. The last months
# lack deliveries and reviews because they have not happened yet, which is why customers are
# described as of the last purchase that was delivered.

# %% missing
draw_missing(run.ask(count_missing), run)

# %% [markdown]
# ## The features of a customer
#
# Everything is as of one date and over one window before it. Spend enters on a logarithmic scale:
# as it is, a few large amounts would draw the segments by themselves. The skewness of each feature
# says how far it is from symmetric; nought is symmetric. Bars leave out the few largest and
# smallest values, whose customers are counted below.

# %% features
draw_distributions(run.ask(count_values), run)

# %% summary
show_table(feature_table(run.ask(summarise_features), run), run.wording)

# %% [markdown]
# ## How they hang together
#
# Two features that rank customers alike say the same thing twice. The correlation is that of the
# ranks, so that neither outliers nor the choice of a scale decide it.

# %% correlations
draw_correlations(run.ask(correlate_features), run)

# %% [markdown]
# ## Customers on a plane
#
# On the left, the two directions along which customers differ most; below, what each of them is
# made of. On the right, a map that keeps neighbours together; its distances between far groups mean
# nothing. Colours are those of the segments that were chosen in the end.

# %% projection
draw_projection(run.ask(project_customers), run)

# %% [markdown]
# ## Which features make the segments
#
# A feature that says what another one says already, or that would take the split away from money
# and satisfaction, describes the segments but does not make them. Each was added in turn to see
# what it changes; so was each way of bringing spend to a scale.

# %% roles
show_part(run.context.evidence, ("features",), run.wording)

# %% transforms
show_part(run.context.evidence, ("transforms", "reviews"), run.wording)
