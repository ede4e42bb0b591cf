"""What leaves: dataset, workbook, charts, weekly digest."""
