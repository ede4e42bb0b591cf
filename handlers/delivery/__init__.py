"""Files and summaries: made beside the loop, and sent to who asked or every Monday."""
