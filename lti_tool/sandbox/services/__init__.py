"""The platform's side of LTI Advantage: line items, scores, results and roster."""
