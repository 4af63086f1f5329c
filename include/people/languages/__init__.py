"""What people read in English, French and German: the pages, letters, and what data and rules say."""
